"""Headings and words of lists in the languages they are kept in: one list of contracts and one inventory each."""

CONTRACTS = {
    "de": "Anbieter|System|Vertragsnr.|Beginn|Vertragsende|Laufzeit|Kündigungsfrist|Automatische Verlängerung|Jahresbetrag (EUR)|"
    "Anzahl Lizenzen|Verantwortlich",
    "fr": "Fournisseur|Logiciel|N° contrat|Date d'effet|Échéance|Durée|Préavis|Tacite reconduction|Montant annuel HT (€)|"
    "Nb licences|Responsable",
    "es": "Proveedor|Herramienta|Nº contrato|Fecha de inicio|Vencimiento|Duración|Preaviso|Renovación automática|Importe anual|"
    "Licencias|Responsable",
    "it": "Fornitore|Applicativo|N. contratto|Decorrenza|Scadenza|Durata|Preavviso|Tacito rinnovo|Canone annuo (EUR)|Licenze|"
    "Referente",
    "nl": "Leverancier|Applicatie|Contractnummer|Ingangsdatum|Einddatum|Looptijd|Opzegtermijn|Stilzwijgende verlenging|"
    "Jaarbedrag|Aantal licenties|Eigenaar",
    "pt": "Fornecedor|Ferramenta|Contrato|Data de início|Data de término|Duração|Aviso prévio|Renovação automática|Valor anual|"
    "Licenças|Responsável",
    "sv": "Leverantör|System|Avtalsnummer|Avtalsstart|Avtalsslut|Avtalstid|Uppsägningstid|Automatisk förlängning|Årskostnad|"
    "Antal licenser|Systemägare",
    "da": "Leverandør|System|Aftalenummer|Startdato|Udløbsdato|Løbetid|Opsigelsesvarsel|Automatisk fornyelse|Årlig udgift|"
    "Antal licenser|Ansvarlig",
    "no": "Leverandør|Verktøy|Avtalenummer|Gyldig fra|Utløpsdato|Varighet|Oppsigelsestid|Automatisk fornyelse|Årlig kostnad|"
    "Antall lisenser|Systemeier",
    "fi": "Toimittaja|Järjestelmä|Sopimusnumero|Alkamispäivä|Päättymispäivä|Sopimuskausi|Irtisanomisaika|"
    "Jatkuu automaattisesti|Vuosikustannus|Lisenssimäärä|Vastuuhenkilö",
    "pl": "Dostawca|Narzędzie|Numer umowy|Data rozpoczęcia|Data zakończenia|Okres umowy|Okres wypowiedzenia|"
    "Automatyczne odnowienie|Koszt roczny|Liczba licencji|Właściciel",
    "cs": "Dodavatel|Nástroj|Číslo smlouvy|Datum zahájení|Datum ukončení|Doba trvání|Výpovědní lhůta|Automatické prodloužení|"
    "Roční náklady|Počet licencí|Odpovědná osoba",
    "ja": "取引先|ツール|契約番号|契約開始日|契約終了日|契約期間|解約予告|自動更新|年額|ライセンス数|担当者",
}
SAID = {
    "de": ("24 Monate", "3 Monate zum Laufzeitende", "ja, um jeweils 12 Monate"),
    "fr": ("24 mois", "3 mois", "Oui, 12 mois"),
    "es": ("24 meses", "3 meses", "Sí, 12 meses"),
    "it": ("24 mesi", "3 mesi", "Sì, 12 mesi"),
    "nl": ("24 maanden", "3 maanden", "ja, 12 maanden"),
    "pt": ("24 meses", "3 meses", "Sim, 12 meses"),
    "sv": ("24 månader", "3 månader", "Ja, 12 månader"),
    "da": ("24 måneder", "3 måneder", "Ja, 12 måneder"),
    "no": ("24 mnd.", "3 måneder", "ja, 12 måneder"),
    "fi": ("24 kk", "3 kuukautta", "kyllä, 12 kuukautta"),
    "pl": ("24 miesiące", "3 miesiące", "tak, 12 miesięcy"),
    "cs": ("24 měsíců", "3 měsíce", "ano, 12 měsíců"),
    "ja": ("24ヶ月", "3ヶ月前", "はい 12ヶ月"),
}

INVENTORY = {
    "de": "Anwendung|Anbieter|Kategorie|Verantwortlich|Abteilung|Status|Lizenzen|Jahreskosten|Bemerkungen",
    "fr": "Outil|Éditeur|Catégorie|Responsable|Direction|Statut|Licences|Coût annuel|Commentaires",
    "es": "Herramienta|Proveedor|Categoría|Responsable|Departamento|Estado|Licencias|Coste anual|Observaciones",
    "it": "Strumento|Fornitore|Categoria|Referente|Reparto|Stato|Licenze|Costo annuo|Note",
    "nl": "Applicatie|Leverancier|Categorie|Eigenaar|Afdeling|Status|Aantal licenties|Jaarkosten|Opmerkingen",
    "pt": "Ferramenta|Fornecedor|Categoria|Responsável|Departamento|Estado|Licenças|Custo anual|Observações",
    "sv": "Verktyg|Leverantör|Kategori|Systemägare|Avdelning|Status|Antal licenser|Årskostnad|Anteckningar",
    "da": "Værktøj|Leverandør|Kategori|Systemejer|Afdeling|Status|Licenser|Årlige omkostninger|Bemærkninger",
    "no": "Verktøy|Leverandør|Kategori|Systemeier|Avdeling|Status|Lisenser|Årlig kostnad|Merknader",
    "fi": "Sovellus|Toimittaja|Kategoria|Omistaja|Osasto|Tila|Lisenssit|Vuosikustannus|Huomiot",
    "pl": "Narzędzie|Dostawca|Kategoria|Właściciel|Dział|Status|Liczba licencji|Koszt roczny|Uwagi",
    "cs": "Nástroj|Dodavatel|Kategorie|Vlastník|Oddělení|Stav|Počet licencí|Roční náklady|Poznámky",
}
IN_USE = {
    "de": "im Einsatz",
    "fr": "en service",
    "es": "en uso",
    "it": "in uso",
    "nl": "in gebruik",
    "pt": "em uso",
    "sv": "i drift",
    "da": "i brug",
    "no": "i bruk",
    "fi": "käytössä",
    "pl": "aktywne",
    "cs": "aktivní",
}
