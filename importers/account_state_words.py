"""Words of states: accounts and people that are there."""

import re
from typing import Final

#: An account that is there, or a person who was asked to come: a seat is held.
PRESENT: Final = re.compile(
    r"(?:re-?)?activ(?:e|ated|o|a|i|é\w*)(?: .*)?|a|actif|active?rad|aktiv\w*|attiv[oai]|ativ[oa]|actief|geactiveerd|"
    r"aktywn\w*|aktivní|aktiivinen|"
    r"activ(?:ation|e) .*|enabled|live|ok|account ok|normal|good|current|valid|validated|licen[cs]ed|assigned|registered|"
    r"subscribed|approved|confirmed|verified|accepted|joined|member|open|in use|used|unlocked|granted|paid|billed|"
    r"billable|online|offline|away|idle|busy|available|logged in|logged out|signed in|signed out|connected|"
    r"not connected|working|new|invited|invitee|invit(?:e|ation) .*|invited .*|pending|pending .*|awaiting .*|"
    r"not activated|unconfirmed|unverified|not verified|eingeladen|ausstehend|invité\w*|en attente|invitad[oa]|"
    r"pendiente|pendente|invitat[oa]|in attesa|uitgenodigd|in afwachting|inbjuden|inviteret|invitert|zaproszon\w+|"
    r"oczekuj\w+|angelegt|freigegeben|habilitad[oa]|abilitat[oa]|有効|利用中|使用中|招待中|稼働中",
    re.IGNORECASE,
)
#: A person who is employed, or is going to be.
THERE: Final = re.compile(
    r"employed|hired|rehired|on ?board(?:ing|ed)?|pre-?board(?:ing|ed)?|starter|new starter|joiner|new hire|future hire|"
    r"present|in service|on payroll|permanent|regular|temporary|temp|intern|internship|trainee|apprentice|contract|"
    r"contractor|freelance\w*|consultant|casual|seasonal|full[ -]?time\w*|part[ -]?time\w*|ft|pt|fixed[ -]term|"
    r"probation\w*|in probation|on probation|under notice|notice period|serving notice|garden(?:ing)? leave|leave|on leave|.* leave|"
    r"leave of absence|loa|maternity|paternity|parental|sabbatical|furlough\w*|secondment|sick|suspended|exempt|"
    r"non[ -]?exempt|salaried|hourly|staff|employee|worker|manager|director|volunteer|board member|partner|"
    r"angestellt|beschäftigt|in elternzeit|elternzeit|mutterschutz|vollzeit|teilzeit|befristet|unbefristet|probezeit|"
    r"freigestellt|en poste|présent\w*|cdi|cdd|congé.*|alternan\w+|stagiaire|contratad[oa]|en plantilla|indefinido|"
    r"temporal|assunt[oa]|in forza|in dienst|vast|tijdelijk|anställd|tillsvidare|föräldraledig|ansat|ansatt|"
    r"zatrudnion\w+|在職|在籍|休職|休職中|育休",
    re.IGNORECASE,
)
#: That something was given to somebody, and that it was not.
GIVEN: Final = re.compile(
    r"assigned|granted|licen[cs]ed|enabled|allocated|provisioned|included|full(?: access)?|access|zugewiesen|"
    r"lizenziert|"
    r"attribué\w*|accordé\w*|asignad[oa]|concedid[oa]|assegnat[oa]|toegewezen|tilldelad"
)
NOT_GIVEN: Final = re.compile(
    r"(?:not|no|un|non|nicht|no se|kein\w*|aucun\w*|sin|niet|ej)[ -]?(?:assigned|granted|licen[cs]ed|enabled|allocated|"
    r"provisioned|included|access|licen[cs]e|seat|zugewiesen|lizenziert|attribué\w*|accordé\w*|asignad[oa]|"
    r"concedid[oa]|assegnat[oa]|toegewezen|tilldelad|zugriff|accès|acceso|accesso)|disabled|revoked|deprovisioned"
)
#: How people are hired, which no licence is called.
HIRED: Final = frozenset(
    (
        "employee|contractor|external|internal|staff|permanent|temporary|intern|consultant|partner|vendor|agency|"
        "service account|service|full-time|part-time|full time|part time|contingent worker|freelancer|fte|"
        "mitarbeiter|extern|intern|salarié|prestataire|stagiaire|empleado|externo|dipendente|esterno"
    ).split("|")
)
#: What companies call their parts, as people write it in a column of them.
PARTS: Final = frozenset(
    (
        "marketing sales finance accounting hr it legal operations support engineering product design admin "
        "administration procurement purchasing logistics production quality research management communication "
        "communications controlling vertrieb einkauf buchhaltung personal verwaltung technik commercial comptabilite "
        "achats direction rh informatique juridique ventes ventas finanzas compras recursos humanos contabilidad "
        "vendite acquisti amministrazione personale "
        "verkoop inkoop financien ekonomi forsaljning inkop okonomi salg"
    ).split()
)
