"""The header words of every kind but spend: those of the kind itself, and what its fields mean in other languages."""

from collections.abc import Mapping
from typing import Final

from importers.fields import FIELDS, labels
from importers.shared_words import CONCEPTS
from importers.words import Vocabulary, Words, vocabulary
from mopsaudit.intake.contract import Kind

_USAGE = """
tool: tool | application | app | product | application name | app name | software | system | service*0.8 | product name | tool name | application label | saas*0.8 | resource*0.6 | resource display name*0.8
user_email: email | e mail | email address | user email | user principal name*0.97 | upn*0.97 | mail | user name email*0.8 | login email | primary email | work email | user mail | username*0.7 | user*0.72 | login*0.7 | email id*0.9 | member email | account email | e mail adresse | adresse e mail | correo | correo electronico | userprincipalname*0.97 | actor alternate id*0.8
_username: user principal name*0.96 | userprincipalname*0.96 | upn*0.96
user_id: user id | user*0.6 | id*0.8 | uid | username*0.85 | user name*0.8 | userid | login name | login id | login*0.7 | account id*0.8 | employee id*0.8 | alias*0.7 | external id*0.6 | member id | object id*0.8 | azure ad object id*0.8 | benutzername
user_name: name*0.9 | full name | display name | user full name | user*0.7 | member*0.7 | member name | user name*0.85 | employee name | complete name | person | nutzer*0.8 | benutzer*0.8 | nom*0.8 | nombre*0.8 | nome*0.8 | naam*0.8 | namn*0.8 | navn*0.8 | nimi*0.8 | realname
_first_name: first name | given name | forename
_last_name: last name | surname | family name | nachname
status: status | active flag | is active flag | lifecycle*0.9 | lifecycle status*0.9 | lifecycle state*0.9 | user status | state*0.98 | active | is active | account status | enabled | account enabled | activated*0.9 | member status | user state | zustand | statut | estado*0.98
_deleted: lock status | unassigned*0.9 | unassigned on*0.9 | unassigned date*0.9 | date unassigned*0.9 | removed on*0.9 | removed at*0.9 | date removed*0.9 | removal date*0.9 | revoked on*0.9 | revoked at*0.9 | deprovisioned on*0.9 | deprovisioned at*0.9 | deprovisioned date*0.9 | suspended on*0.9 | suspended at*0.9 | disabled on*0.9 | disabled at*0.9 | deactivated on*0.9 | deactivated at*0.9 | archived on*0.9 | archived at*0.9 | deleted on*0.9 | deleted at*0.9 | locked status | is deleted | deleted | suspended | is suspended | deactivated | is deactivated | disabled | is disabled | account disabled | user disabled | blocked | is blocked | block credential | credential blocked | sign in blocked | archived | is archived | inactive | is inactive | locked*0.9 | is locked*0.9 | deactivated date*0.9 | deactivation date*0.9 | suspension date*0.9 | disabled date*0.9 | date desactivation*0.9 | deaktiviert am*0.9 | fecha baja*0.8 | gesperrt | deaktiviert | geloscht
licence: licence | license | licence type | license type | licenses | licences | seat type | seat | user type | plan | edition | sku | assigned products | product configurations | product licences | product licenses | licence name | license name | assigned licences | assigned licenses | site role*0.9 | profile*0.6 | user license | salesforce licence*0.9 | account type*0.75 | subscription*0.8 | package*0.7 | lizenz | licence assigned*0.8 | entitlement*0.8 | entitlement name*0.8 | licence pool*0.8 | licence plan
assigned: assigned | assigned date | licence assigned date | license assigned date | licence assign date | date assigned | assigned on | assignment date | has licence | has license | is billable | billing active | billable*0.9 | seat assigned | licence assigned*0.9 | license assigned*0.9 | is billable seat | paid seat | access granted*0.8 | seated | has seat | has paid seat | licensed | is licensed | is paid | paid user
last_activity: last activity | last activity date | last active | last active date | last activity time | last login | last log in | last sign in | last signin | last sign in date | last login date | last login utc | last login time | last seen | last used | last accessed | last access | last access date | last seen date | last successful sign in | most recent login | most recent activity | last activity utc | last event*0.8 | last session | last visit | last connection | last authentication | date last login | last online | last_login | last activity at | last signed in | last logged in | letzte anmeldung | letzte aktivitat | derniere connexion | ultimo acceso | ultimo inicio de sesion | last sign in at | last use | latest login | latest activity | latest sign in
created: created | created date | creation date | creation time | created time | activation date | activated on | date activated | created at | created on | date created | account created | account created utc | added | added to org | added date | date added | joined | join date | member since | invited*0.7 | registered | registration date | claimed date*0.7 | erstellt | signup date
active_count: active users | active user count | mau | monthly active users | active people | active members | unique users | number active users | users active | active seats*0.9 | wau*0.9 | dau*0.9 | active*0.5 | aktive nutzer | distinct users
_assigned_count: users | total users | assigned users | licensed users | seats | licences used | assigned seats | provisioned users | consumed units | consumed*0.8 | licences assigned count | purchased | seats purchased | total licences
feature: feature | feature name | capability | module | function*0.8 | component*0.8 | event name*0.6
used: used | usage | use | is used | in use | adoption*0.7 | feature usage | count*0.5 | events*0.5 | usage count*0.8
_employment: employment status | employee status | hr status | worker status | employment state | employee state
_role: role | roles | user role | member role | workspace role | admin role | admin level*0.9 | permission | permissions | access level | rolle | ruolo*0.9 | rol
department: department | dept | primary group*0.75 | org unit path | org unit | team*0.8 | group*0.6 | business unit | division | cost center*0.6 | cost centre*0.6 | user group*0.6 | abteilung | office*0.5 | service departement
account_kind: account kind | account type*0.8 | member type*0.8 | employee type*0.7 | identity type*0.5 | is guest | guest | user kind | type*0.5
_month: month | period | date | report date*0.6 | report refresh date*0.9 | report period | as of | snapshot date | monat
_soak: password | phone | mobile phone | work phone | home phone | recovery email | home secondary email | work secondary email | manager | manager email | title | job title | country | country code | domain | location | work address | home address | building id | floor name | org role | mfa | mfa active | mfa enabled | mfa status | 2fa enabled | two factor enabled | tfa enabled | has mfa | has 2fa | has sso | created by | last modified by | deactivated by | usage location | 2sv enrolled | pmi | last client version | days active*0.9 | messages posted | storage | email usage | drive usage | total storage | new status | new primary email | deleted date | last password change | password last changed | password changed | last rotated | last changed | last modified | last modified date | modified | modified date | last updated | updated | updated at | last activated date | sync status | suspension reason
"""

_INVENTORY = """
id: id
_soak: version | app id | application id | tool id | record id | asset id | system id | vendor support status | support status | support tier
tool: tool | tool name | application | application name | app | app name | product | product name | software | software name | item name*0.95 | asset name*0.9 | solution | system | system name | platform | name*0.8 | technology*0.8 | anwendung | logiciel | outil | herramienta | applicazione
vendor: vendor | vendor name | supplier | supplier name | provider | publisher | manufacturer | company*0.8 | hersteller | anbieter | fournisseur | editeur | proveedor | fornitore
category: category | main category | primary category | kategorie | categorie | categoria | tool category | martech category
types: technology types | technology type | type | types | tool type | sub category | subcategory | software type | class*0.7
capabilities: capabilities | capability | features | functions | what it does*0.8 | functionality | use cases*0.7 | funktionen
owner: owner | business owner | owner email | tool owner | application owner | product owner | responsible | owned by | verantwortlich | responsable | system owner | owner e mail | business owner email
budget_holder: budget holder | budget owner | budget holder email | cost owner | who pays | budget responsible | financial owner | budgetverantwortlicher
unit: business unit | business units | unit | bu | bus*0.7 | department | dept | team | teams | division | used by | org unit | abteilung | units | bereich | entity*0.6 | region*0.6 | market*0.5
status: status | lifecycle | lifecycle status | state | stage | tool status
licence_metric: licence metric | license metric | metric | pricing model | licence model | license model | licensing | billing metric | price basis
seats: seats | users allowed | allowed users | maximum users | max users | user limit*0.9 | nombre*0.65 | nombre licences | nombre postes | nombre utilisateurs | anzahl lizenzen | total seats | seats total | total licences | licensed seats | seats owned | licences | licenses | number seats | seat count | users | user count | number licences | licence count | quantity | lizenzen | purchased seats | purchased*0.8 | purchased licences | licences purchased | seats purchased | licences bought | contracted seats | number users | no users
yearly_cost: yearly cost | annual cost | cost per year | annual spend | annual fee | yearly spend | cost year | arr*0.8 | acv*0.9 | annual contract value | cost*0.8 | price*0.7 | spend*0.8 | total cost*0.8 | annual value | jahreskosten | cout annuel | coste anual | annual licence cost | run rate*0.8 | budget*0.6 | fee*0.7 | subscription cost*0.8 | subscription fee*0.8 | subscription price*0.8
_monthly_cost: monthly cost | cost per month | monthly fee | monthly spend | mrr | monthly price | price per month | price month
_each: unit cost | unit price | price unit | price per unit | cost per unit
_billing: billing | billing cycle | billing period | billing frequency | billing interval | billing term | billed | payment frequency | payment cycle | frequency*0.8 | cycle*0.8 | interval*0.7 | recurrence*0.8 | abrechnung | abrechnungsintervall | zahlungsrhythmus | periodicite | frequence facturation | frecuencia facturacion | fatturazione | facturering
_soak: purchase cost | purchase price | purchase value | purchase amount | acquisition cost | acquisition value | original cost | anschaffungskosten | kaufpreis | prix achat | cout achat | cost per user | cost per seat | price per user | price per seat | price user | price seat | cost seat | cost user | list price
currency: currency | currency code | ccy | curr | wahrung | devise | moneda
site: website | web site | url | site | link | product page | homepage | domain*0.8
description: description | purpose | what it is used for | used for | use | use case | beschreibung | comment*0.6
start: start date | in use since | live date | go live | go live date | implemented | since | start | purchase date*0.8 | launch date | onboarded
renewal: renewal date | renewal | expiration | expiry | upcoming renewal | renews | next renewal | contract end | contract end date | expiry date | expires | end date | expiration date
notes: notes | comments | remarks | comment | bemerkung | note
"""

_CONTRACTS = """
id: our record | mopsaudit record
vendor: vendor | vendor name | supplier | supplier name | provider | counterparty | party | company*0.7 | lieferant | fournisseur | proveedor | fornitore | contract party | contractor*0.8 | publisher*0.9 | other parties*0.9 | other party | other parties contract*0.95 | contracting party*0.9 | awarded supplier | awarded vendor | winning bidder | winning supplier | winning tenderer | recipient name | recipient | winner | winner name | name winner | win name | selected supplier | appointed supplier | appointed contractor | preferred supplier | awarded to*0.95 | awardee | contractor name | successful tenderer | successful bidder | titulaire | titulaires denomination | adjudicataire | adjudicatario | auftragnehmer | prime contractor*0.9 | merchant name*0.9 | merchant*0.85 | aggiudicatario | aggiudicatari | attributaire | contratista | titulaire nom | titulaire denomination sociale | denomination sociale*0.8
tool: tool | tool name | product | product name | application | software | service | subscription | solution | platform*0.9 | app | app name | application name | software name | service name | saas | item*0.7 | description*0.6 | contract name*0.7 | contract title*0.7 | agreement name*0.68 | agreement title*0.68 | title agreement*0.66 | objeto contrato*0.6 | objet contrat*0.6 | objet marche*0.6
reference: vertrags id*0.98 | vertragskennung | contract | contract number | contract no | contract id*0.98 | contract ref | contract reference | contract name*0.9 | agreement | agreement number | agreement id*0.98 | name*0.62 | title*0.62 | order form | order form number | reference | reference number | register number*0.9 | vertragsnummer | vertrag | numero contrat | contrat | contract title*0.88 | agreement name*0.9 | purchase order contract number | contract reference number | agreement reference | cn id*0.95 | contract notice id | notice identifier*0.85 | notice id*0.8 | procurement id*0.75 | award id*0.9 | piid*0.9 | marche id*0.9 | title agreement*0.85 | register reference | number*0.75 | numero*0.76 | nummer*0.76 | cig*0.9 | id contrato*0.95 | numero contrato*0.95 | document number*0.85 | expediente*0.95 | numero expediente | n marche | numero marche | aftalenr | aftale nr | aftalenummer | avtalsnr | avtalenr | sopimusnumero
sku: sku | edition | plan | part number | article | product code | tier*0.8 | package*0.8 | artikel
licence_metric: licence metric | license metric | metric | licence type | license type | pricing model | unit measure | uom | licence model | charge metric
quantity: quantity | qty | seats | total seats | seats total | total licences | licensed seats | licences | licenses | units | number seats | seat count | users | number licences | committed quantity | volume*0.8 | menge | anzahl | quantite | purchased seats | licence quantity | contracted seats | licences owned | licences purchased | seats purchased | seats bought | owned*0.8
amount: amount | cost of contract | value of contract | price of contract | cost per period | price per period | fee per period | cost period*0.95 | cost per billing period | recurring cost*0.9 | recurring amount*0.9 | recurring fee*0.9 | subscription cost*0.9 | subscription fee*0.9 | annual value | annual amount | estimated annual value | contract value*0.98 | total contract value*0.9 | tcv*0.9 | annual contract value | acv | annual cost | yearly cost | cost per year | annual fee | value*0.97 | total | total amount | price*0.7 | fee | line total | annual price | yearly fee | subtotal*0.8 | betrag | jahresbetrag | montant annuel | importe anual | total value | cost*0.8 | annual spend | net amount | arr*0.8 | award amount | awarded value | awarded amount | award value | contract amount | contract sum | contract price | total contract amount | estimated value*0.8 | sum paid*0.8 | montant marche | montant ht | total cost*0.9 | payment amount*0.65 | importo aggiudicazione | preco contratual | importe adjudicacion | purchase price*0.66 | arsvarde | arsbelopp | arskostnad
amount_months: amount covers | amount covers months | price covers months
unit_price: unit price | price per seat | price seat | price user | seat price | cost seat | cost user | price per unit | price per user | cost per seat | cost per licence | per seat | per user*0.9 | list price*0.7 | einzelpreis | prix unitaire | price per licence | unit cost | annual unit price
currency: currency | currency code | ccy | curr | wahrung | devise | moneda
start: start date*0.98 | start | contract start | contract period start | period start*0.9 | effective date | commencement date | term start | begin date | valid from | beginn | vertragsbeginn | date debut | from | subscription start | contract start date | service start | starts | starts on | begins | laufzeit von | laufzeit ab | vertragslaufzeit von | gultig ab | purchase date*0.7
end: end date*0.98 | end | finish date*0.98 | contract finish date | contract end | contract period end | period end*0.9 | expiry date | expiration date | expires | term end | contract end date | renewal date*0.97 | next renewal*0.97 | renewal | valid to | valid until | ende | vertragsende | date fin | laufzeitende | until | to*0.8 | subscription end | renewal due*0.96 | renews on*0.96 | last day*0.9 | service end | current end date | contract current end date | contract expiry | contract expiry date | contract expiration | contract expiration date | contract expires | expiration | expiry | laufzeit bis | vertragslaufzeit bis | gultig bis | completion date*0.75 | delivery date*0.75 | ends | ends on | expires on*0.97 | renews*0.96 | data ultimazione*0.95 | data scadenza
end_kind: end means | end kind | end type | end date is | kind end
initial_months: initial term | initial term months | term | term months | term length | contract term | contract length | duration | laufzeit | laufzeit monate | duree | initial period | subscription term | commitment period | term in months
renewal_months: renewal term | renewal term months | renewal period | renewal length | renews for | extension period | extension months
auto_renew: auto renew | auto renewal | renewal | autorenew | automatic renewal | renews automatically | auto renews | renewal type | evergreen*0.8 | automatische verlangerung | tacite reconduction
notice: notice | notice period | notice days | cancellation notice | cancellation period | notice period days | termination notice | notice required | kundigungsfrist | preavis | preaviso | days notice | notice in days | notice months | notice period months
notice_unit: notice unit | notice in | notice period unit | unit notice
_notice_by: notice by | date to cancel | cancel before | cancel date | cancellation by | last cancellation date | notice date | notice deadline | cancel by | cancellation deadline | cancellation date | last notice date | kundigung bis | kundigung spatestens | kundigung spatestens am | spatestens kundigen | send notice by | notice due | notice due date | give notice by | termination notice date | date limite denonciation | date denonciation
delivery_days: delivery days | days delivery | lead days | sending days | delivery time
escalator: escalator | price increase | uplift | annual uplift | annual increase | escalation | indexation | cap | price cap | renewal uplift | preisanpassung | yearly increase | renewal cap
pack_size: pack size | pack | bundle size | sold in packs
minimum: minimum | minimum quantity | minimum commitment | minimum seats | min qty | min seats | floor*0.7
reducible: reducible | can reduce | reduction allowed | reduce at renewal | downgrade allowed | flex down
terms: terms | terms words | contract terms | renewal terms | terms and conditions*0.8 | key terms | termination terms | renewal clause | notes terms | bedingungen
owner: owner | contract owner | business owner | responsible | owner email | contract manager | verantwortlich | relationship owner | contract administrator
unit: business unit | unit | department | team | cost centre*0.7 | division | department name | directorate | service area*0.7 | agency*0.7 | responsible department
entity: entity | legal entity | contracting entity | signing entity | company code | gesellschaft | customer entity
notice_served: notice served | notice given | cancelled on | terminated on | notice sent | cancellation sent
notes: notes | comments | comment | remarks | bemerkung
seen: seen
billing: billing | billing frequency | billing cycle | billing period | billing terms | billing rhythm | invoice frequency | invoicing frequency | payment frequency | payment schedule | payment terms*0.8 | billed | zahlungsweise | abrechnung | abrechnungsintervall | zahlungsrhythmus | rechnungsintervall | facturation | periodicite | frequence facturation | facturacion | frecuencia facturacion | fatturazione | facturering | betalingstermijn*0.7
_soak: vertragsart | vertragstyp | type contrat | tipo contrato | tipo contratto | contractsoort | avtalstyp | contact | contact name | contact person | contact email | contact number | contact details | contract type | contract kind | contract category | contract signed | contract owner email*0.5 | review date | publish date | published date | approval date | tender start date | tender end date
_payment: status | contract status | days to renewal | signed | signature date | document | link | url
"""

_ORDERS = """
order_number: po number | purchase order | purchase order number | order number | po | po no | order no | purchase order no | bestellnummer | bestellung | numero commande | pedido | po id | order id | order | document number*0.8 | purchasing document
line: line | line number | line no | po line | item*0.7 | position | item number | order line
date: order date | po date | tanggal*0.95 | tanggal po | tanggal pesanan | tanggal order | date | created | created date | date ordered | creation date | document date | bestelldatum | date commande | raised | date raised | approved date*0.7
supplier: supplier | supplier name | vendor | vendor name | payee | lieferant | fournisseur | proveedor
tool: tool | product | product name | application | software
description: description | item description | line description | item name | line item | line item name | product description | details | text | short text | beschreibung | item*0.7 | material description*0.9 | purpose
amount: amount | order value | po value | order amount | po amount | value | total | total value | line amount | net value | net amount | net order value | line total | ordered amount | committed amount | commitment | total amount | betrag | bestellwert | montant | importe | original amount*0.7 | price*0.7
invoiced: invoiced | invoiced amount | amount invoiced | billed | billed amount | invoiced to date | invoice amount | matched amount | receipted*0.7 | goods received amount*0.7 | paid*0.7
open: open | open amount | remaining | outstanding | outstanding amount | remaining amount | balance | open value | left to invoice | uninvoiced | open commitment | still to be invoiced
currency: currency | currency code | ccy | curr | wahrung | devise | moneda
status: status | po status | order status | state | closed | is closed*0.8
delivery: delivery date | expected | expected date | service start | start date | need by date | required by | due date | promised date | delivery
end: service end | end date | service end date
cost_centre: cost centre | cost center | cost centers | cost centres | cost centre code | kostenstelle | centre de cout | cc*0.7
gl_account: gl account | account | accounts | kostenart | kostenarten | gl code | nominal | account code | nominal code | sachkonto | expense account
unit: business unit | department | unit | division | dept | team
entity: entity | legal entity | company | company code | operating unit
contract: contract | contract number | agreement | contract reference | outline agreement
requester: requester | requested by | requisitioner | buyer*0.7 | created by | owner | preparer
_quantity: quantity | qty | order quantity | quantity ordered | ordered quantity | ordered*0.7 | po quantity | units*0.7 | menge | bestellmenge | quantite | cantidad | quantita | aantal | quantidade | antal | antall | ilosc | mnozstvi | maara | 数量
_unit_price: unit price | item rate | rate*0.7 | price per unit | price each | unit cost | net price | price unit | item price | einzelpreis | stuckpreis | preis pro einheit | prix unitaire | precio unitario | prezzo unitario | eenheidsprijs | stuksprijs | preco unitario | enhetspris | enhedspris | stykpris | a pris | yksikkohinta | cena jednostkowa | jednotkova cena | 単価
_soak: remaining quantity | quantity remaining | outstanding quantity | quantity outstanding | open quantity | quantity open | received quantity | quantity received | delivered quantity | quantity delivered | billed quantity | quantity billed | invoiced quantity | quantity invoiced | backordered quantity | part id | part number | unit measure | uom | order unit | price basis | item number supplier | supplier item | supplier part number | vendor item | vendor part number | supplier id | vendor id | supplier number | vendor number
"""

_PEOPLE = """
_username: user principal name*0.96 | userprincipalname*0.96 | upn*0.96
email: email | e mail | work email | email address | mail | user principal name*0.97 | business email | company email | e mail adresse | correo | primary work email | upn*0.97 | primary email
employee_id: employee id | person reference*0.95 | employee reference*0.95 | staff reference*0.95 | payroll*0.8 | payroll id | works number*0.9 | clock number*0.8 | pers number*0.9 | employee number | number employee | employee code*0.9 | emp code*0.9 | emp id | emp no | associate id*0.9 | employee no | personnel number | staff id | staff number | id*0.8 | worker id | personalnummer | matricule | person number | payroll number
name: name | full name | employee name | display name | worker | employee | preferred name*0.9 | nom | nombre | nome | mitarbeiter | legal name*0.9 | worker name
_first: first name | given name | forename | vorname | prenom
_last: last name | surname | family name | nachname
unit: business unit | department | dept | unit | division | team | organisation | organization | org unit | abteilung | supervisory organization*0.9 | function*0.7 | departement | service*0.9 | cost centre name*0.6
title: job title | title | position | role*0.8 | job | business title | stelle | poste
manager: manager | manager email | line manager | reports to | reporting to | reporting manager | direct manager | reports to email | supervisor | vorgesetzter | manager e mail | manager name*0.8
joined: start date | commencement date | date commencement | date debut contrat*0.9 | debut contrat*0.9 | vertragsbeginn*0.9 | fecha inicio contrato*0.9 | data inizio contratto*0.9 | date embauche | date arrivee | doj | hire date | date hired | joined | join date | joining date | date joined | original hire date | employment start | eintrittsdatum | eintritt | date entree | first day | start
left: leaving date | dol*0.8 | date fin contrat*0.56 | fin contrat*0.56 | vertragsende*0.56 | fecha fin contrato*0.56 | data fine contratto*0.56 | term date*0.9 | term dt*0.9 | leave date | termination date | end date | last day | left | date left | last working day | exit date | leaver date | employment end | austrittsdatum | austritt | date sortie | contract end date*0.8 | termination | date terminated | terminated on | date leaving | separation date | date separation | last day worked | last day work | last day employment | employment end date | end employment | offboarding date | off boarding date | relieving date | date relieving | release date | resignation date*0.7
_rehired: rehire date | wiedereinstellung | wiedereintritt | wiedereintrittsdatum | date reembauche | reingreso | fecha reingreso | rehired | date rehired | rehired on | last hire date | latest hire date | most recent hire date | current hire date | rejoin date | rejoining date | date rejoined | rejoined | rejoined on | re joining date | reinstatement date | date reinstatement
status: status | employment status | employee status | worker status | beschaftigungsstatus | active | employment state | active status | is active | active flag | is active flag
cost_centre: cost centre | cost center | cost centre code | kostenstelle | cost center id
account_kind: employee type | worker type | employment type | account kind | type*0.7 | contract type | person type | worker category | user type*0.8
_soak: state | province | city | postal code | zip | site | fte | street address | usage location | phone | location | country | office | salary | grade | date birth | gender | nationality | age | company
"""

_BUDGET = """
cost_centre: cost centre | cost center | cost centre code | cost centre name*0.97 | kostenstelle | centre de cout | centro de coste | c custos | c custo | cc*0.7 | cost code
gl_account: gl account | account | gl code | nominal | nominal code | account code | gl | account number | sachkonto | konto | compte | cuenta | cost type | cost element | expense type*0.8 | account name*0.8
unit: business unit | bu*0.97 | deptid*0.9 | dept id*0.9 | unit | department | dept | division | team | abteilung | bereich | department name | dept name | division name*0.97 | directorate | agency name*0.9 | department code*0.9
vendor: vendor | supplier | vendor name | supplier name | lieferant | fournisseur | proveedor | provider
tool: tool | product | application | software | tool name | platform | system | subscription*0.8 | technology*0.8 | app
programme: programme | program | campaign | project | initiative | activity | workstream | activity name | projekt | projet | proyecto
month: month | period | date | monat | mois | mes | budget month | fiscal period | year month | posting period | quarter*0.95 | fiscal quarter*0.95 | qtr*0.9 | budget period*0.95 | accounting period*0.97 | month short name | month name | quartal*0.95 | trimestre*0.95
_from: start date | start | from | begin date | begins | start month | from month | from date | flight start | flight start date | campaign start | campaign start date | startdatum | beginn | date debut | valid from | launch date*0.8
_until: end date | end | to | until | finish | finish date | end month | to month | to date | flight end | flight end date | campaign end | campaign end date | enddatum | ende | date fin | valid to | valid until
_every: frequency | billing frequency | billing cycle | payment frequency | recurrence | cadence | how often | billing period | billing
amount: amount | budget | budget amount | planned | plan | plan amount | planned amount | value | total*0.7 | betrag | montant | importe | budgeted | approved budget | annual budget | full year budget | total budget | fy budget | budgetbetrag | plan value | cost*0.7 | allocation*0.8 | budgeted amount | planned budget | plankosten | planwert | planbetrag | plan kosten | adopted budget | proposed budget*0.97 | recommended budget*0.97 | revised budget | amended budget | original budget*0.98 | current budget | appropriation*0.95 | appropriated*0.9 | annual total*0.75 | net expenditure*0.9 | net budget*0.95 | net cost*0.85 | gross expenditure*0.85 | gross budget*0.9 | expenditure*0.7 | expenses*0.65 | creditos iniciales*0.98 | credito inicial*0.98 | creditos definitivos*0.97 | credito definitivo*0.97 | presupuesto inicial*0.98 | presupuesto definitivo*0.97 | previsione iniziale*0.98 | previsione definitiva*0.97 | stanziamento | voted budget
_actual: months | number months | no months | actual | actuals | ytd actual | spent | spend to date | variance | remaining | forecast*0.9 | last year | prior year | committed | available | previous year | ist | full year*0.8 | fy total*0.9 | grand total | sum | year total | total year | h1 total | q1 total | q2 total | q3 total | q4 total | ytd | ytd total | check | average
currency: currency | currency code | ccy | curr | wahrung | devise | moneda
version: version | budget version | scenario | plan version | budget type | budget id*0.9
fiscal_year: fiscal year | year | fy | financial year | budget year | fiscal period*0.8 | budget period*0.8 | period*0.6 | geschaftsjahr | jahr | exercice | ano fiscal | tahun | tahun anggaran | anno | ano | ar*0.8 | rok
description: description | line item | budget line | item | poste | poste budgetaire | poste depense | ligne budgetaire | details | line | comment*0.6 | category*0.8 | name*0.7 | text | bezeichnung | libelle | notes*0.6 | line description | what | account description*0.97 | account title*0.95 | expense name*0.97 | expense description*0.97 | object description*0.97 | object name*0.95 | expense category*0.9 | expenditure category*0.9 | cost category*0.9 | budget item | service*0.7 | services*0.7 | service area*0.6 | area spend*0.8 | budget area*0.9 | sub category*0.85 | channel*0.75 | tactic*0.75
owner: budget holder | owner | budget owner | responsible | manager*0.7 | budget manager | budgetverantwortlicher | budget holder email
"""

_BENEFITS = """
case: business case | case | case name | case number | case id | initiative | project | business case name | investment | programme*0.8
metric: metric | measure | kpi | benefit | benefit name | indicator | what is measured
kind: kind | benefit type | type | category | benefit kind | benefit category
month: month | period | date | year month | monat | mois | quarter*0.7
planned: planned | plan | promised | target | expected | planned value | planned benefit | budget | forecast*0.7 | planned amount | expected benefit
amount: realised | realized | actual | amount | realised value | realised benefit | realized benefit | realised amount | value | benefit value | delivered | achieved | actual benefit
hours: hours | hours saved | time saved | hours per month | stunden
currency: currency | currency code | ccy | curr
method: method | measurement method | how measured | evidence method | attribution method
tool: tool | product | application | software
source: source | evidence | data source | source figure
notes: notes | comments | comment | remarks
"""

_RATES = """
from: from | from currency | currency | base*0.7 | source currency | foreign currency | currency from | ccy | currency code | currency pair | pair | von | devise | kod | kod meny | iso code*0.9 | code*0.7
to: to | currency denom | currency denominator | denominator currency | counter currency | to currency | target currency | base currency | quote currency | currency to | reporting currency | into | nach | local currency | home currency
rate: rate | exchange rate | obs value*0.9 | observation value*0.9 | middle rate | mid | mid market rate | srednji | srednji devize | srednji za devize | srednji tecaj | srednji kurs | kurs sredni | kurs srednie | sredni kurs | taxa medie | kozepkurs | kozeparfolyam | curs | curs mediu | fx rate | conversion rate | kurs | wechselkurs | taux | mid rate | average rate | closing rate | budget rate | value | spot rate | rate value | tipo cambio | amount*0.6
_side: buying | selling | buy | sell | bid | ask | offer | buying rate | selling rate | kupovni | prodajni | kupovni za devize | prodajni za devize | compra | venda | venta | achat | vente | ankauf | verkauf | nakup | prodej | kupno | sprzedaz | kurs kupna | kurs sprzedazy | alis | satis
valid_from: valid from | datum primjene | date | month | effective date | from date | start date | period | rate date | datum | monat | effective from | as of | day | fiscal year*0.8 | budget year*0.8 | year*0.7
valid_to: valid to | to date | end date | until | effective to | bis | valid until
kind: rate type | kind | type | rate kind | kurstyp
_units: units | unit | jedinica | jedinice | egyseg | birim | unitate | quantity | amount | nominal | per | scale | multiplier | number of units | einheit | einheiten | menge | mnozstvi | enhet | enheter | unite | unites | unidad | unidades | unita | liczba jednostek
_inverse: inverse | inverse rate | reciprocal | name | currency name | country
"""

_CREDITS = """
tool: tool | product | application | app | software | service | tool name | product name | platform | system | sku*0.7 | anwendung | produkt | outil
date: read on | as of | date | reading date | as of date | snapshot date | report date | datum | stand | stichtag | day | usage date | end date*0.6
bought: bought | purchased | credits bought | credits purchased | entitlement | entitled | credits included | allowance | quota | limit*0.9 | total credits | contracted | contracted credits | included | allotment | units purchased | gekauft | kontingent | achetes | allocated | credits allocated | allocated credits | allocation | granted | credits granted | plan credits
used: used | consumed | credits used | credits consumed | used to date | consumption | usage | total used | consumed to date | units used | cumulative usage | usage to date | verbraucht | verbrauch | consommes
expired: expired | forfeited | credits expired | lapsed | expired credits | verfallen | expires*0.5
_soak: remaining | left | available | balance | credits remaining | credits left | percent used | utilisation | utilization | used this month | monthly usage | daily usage | used in period | usage this period | period usage | month | price | cost | amount | currency | rollover
"""

_VOCABULARIES = {
    Kind.USAGE: _USAGE,
    Kind.INVENTORY: _INVENTORY,
    Kind.CONTRACTS: _CONTRACTS,
    Kind.ORDERS: _ORDERS,
    Kind.PEOPLE: _PEOPLE,
    Kind.BUDGET: _BUDGET,
    Kind.BENEFITS: _BENEFITS,
    Kind.RATES: _RATES,
    Kind.CREDITS: _CREDITS,
}

#: Field of a kind → the meanings it has, by whose words in other languages a heading names it.
_MEANS: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    Kind.USAGE: {
        "tool": ("tool",),
        "user_email": ("email",),
        "user_id": ("user_id", "employee_id"),
        "user_name": ("user", "person"),
        "_first_name": ("first_name",),
        "_last_name": ("last_name",),
        "status": ("status",),
        "licence": ("licence",),
        "assigned": ("assigned",),
        "last_activity": ("last_activity",),
        "created": ("created",),
        "active_count": ("active_users",),
        "_assigned_count": ("all_users",),
        "feature": ("feature",),
        "used": ("used",),
        "department": ("unit", "cost_centre"),
        "_month": ("month",),
        "_soak": ("manager", "job"),
    },
    Kind.INVENTORY: {
        "tool": ("tool",),
        "vendor": ("supplier",),
        "category": ("category",),
        "types": ("types",),
        "capabilities": ("capabilities",),
        "owner": ("owner",),
        "budget_holder": ("budget_holder",),
        "unit": ("unit",),
        "status": ("status",),
        "licence_metric": ("licence_metric",),
        "seats": ("seats", "all_users"),
        "yearly_cost": ("yearly_cost",),
        "_monthly_cost": ("monthly_cost",),
        "currency": ("currency",),
        "description": ("description",),
        "start": ("start",),
        "renewal": ("end",),
        "notes": ("notes",),
    },
    Kind.CONTRACTS: {
        "vendor": ("supplier",),
        "tool": ("tool",),
        "reference": ("contract",),
        "licence_metric": ("licence_metric",),
        "quantity": ("seats",),
        "amount": ("contract_value", "yearly_cost"),
        "unit_price": ("unit_price",),
        "currency": ("currency",),
        "start": ("start",),
        "end": ("end",),
        "initial_months": ("term",),
        "renewal_months": ("renewal_term",),
        "auto_renew": ("auto_renew",),
        "notice": ("notice",),
        "_notice_by": ("notice_by",),
        "owner": ("owner",),
        "unit": ("unit",),
        "entity": ("entity",),
        "notes": ("notes",),
        "billing": ("billing",),
    },
    Kind.ORDERS: {
        "order_number": ("order",),
        "date": ("order_date",),
        "supplier": ("supplier",),
        "tool": ("tool",),
        "description": ("description",),
        "amount": ("order_value", "contract_value"),
        "invoiced": ("invoiced",),
        "open": ("open",),
        "currency": ("currency",),
        "status": ("status",),
        "delivery": ("delivery",),
        "end": ("end",),
        "cost_centre": ("cost_centre",),
        "gl_account": ("gl_account",),
        "unit": ("unit",),
        "entity": ("entity",),
        "contract": ("contract",),
        "requester": ("requester",),
    },
    Kind.PEOPLE: {
        "email": ("email",),
        "employee_id": ("employee_id",),
        "name": ("person",),
        "_first": ("first_name",),
        "_last": ("last_name",),
        "unit": ("unit",),
        "title": ("job",),
        "manager": ("manager",),
        "joined": ("joined",),
        "left": ("left",),
        "status": ("status",),
        "cost_centre": ("cost_centre",),
    },
    Kind.BUDGET: {
        "cost_centre": ("cost_centre",),
        "gl_account": ("gl_account",),
        "unit": ("unit",),
        "vendor": ("supplier",),
        "tool": ("tool",),
        "programme": ("programme",),
        "month": ("month",),
        "amount": ("plan", "contract_value"),
        "_actual": ("actual",),
        "currency": ("currency",),
        "version": ("version",),
        "fiscal_year": ("year",),
        "description": ("description",),
        "owner": ("budget_holder", "owner"),
    },
    Kind.BENEFITS: {
        "case": ("business_case", "programme"),
        "metric": ("metric",),
        "month": ("month",),
        "planned": ("planned_benefit",),
        "amount": ("delivered_benefit", "contract_value"),
        "hours": ("hours",),
        "currency": ("currency",),
        "tool": ("tool",),
        "source": ("source",),
        "notes": ("notes",),
    },
    Kind.RATES: {
        "from": ("from_currency",),
        "to": ("to_currency",),
        "rate": ("rate",),
        "valid_from": ("valid_from",),
        "valid_to": ("valid_to",),
    },
    Kind.CREDITS: {"tool": ("tool",)},
}
#: What a kind itself lists goes before what a field means elsewhere.
_SHARED = 0.97


def _whole(kind: Kind, own: Vocabulary) -> Vocabulary:
    """The words of a kind with those of its fields' meanings; a phrase the kind lists itself stays as it lists it."""
    listed = {phrase for phrases in own.values() for phrase, _ in phrases}
    found = {field: list(phrases) for field, phrases in own.items()}
    for field, meanings in _MEANS[kind].items():
        found.setdefault(field, []).extend(
            (phrase, weight * _SHARED)
            for meaning in meanings
            for phrase, weight in CONCEPTS[meaning]
            if phrase not in listed
        )
    return {field: tuple(phrases) for field, phrases in found.items()}


def _dated(kind: Kind) -> frozenset[str] | None:
    """The fields of a kind that are dates; None for rates, whose headings name both by the same words."""
    if kind is Kind.RATES:
        return None
    return frozenset(
        (
            "_notice_by",
            "_month",
            "_deleted",
            "_rehired",
            "_soak",
            *(spec.key for spec in FIELDS[kind] if spec.dated),
        )
    )


#: The vocabulary of each kind.
RECORD_WORDS = {
    kind: Words(_whole(kind, vocabulary(text)), labels(kind), _dated(kind))
    for kind, text in _VOCABULARIES.items()
}
