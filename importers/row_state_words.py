"""The words by which a row of a plan or of a list of contracts says that it is not in force, and those that it is."""

import re
from typing import Final

#: Headings under which each row's state stands.
STATED: Final = re.compile(
    r"(?:.* )?(?:status|state|stage|phase|lifecycle|life ?cycle|disposition|approval|decision|condition|zustand|stand|"
    r"statut|état|etat|estado|situación|situação|situacao|stato|tila|tilstand|stav|statuts?|toestand|läge|stan)|"
    r"(?:状态|狀態|ステータス|状態|상태|статус|состояние)",
    re.IGNORECASE,
)
#: Those of them that may be a place, or what somebody decided.
PLACE: Final = re.compile(
    r"(?:.* )?(?:state|estado|stato|état|etat|stan|stand|decision|condition)", re.IGNORECASE
)
#: Headings whose *no* is a row that is not in force.
IN_FORCE: Final = re.compile(
    r"(?:is |currently |still )?(?:(?:record|row|line|entry|budget|contract|account|item) )?(?:is )?(?:active|enabled|in force|in effect|valid|live|in use|approved|included|in scope|current|"
    r"aktiv|gültig|genehmigt|in kraft|actif|active|valide|en vigueur|approuvé|activ[oa]|vigente|aprobad[oa]|attiv[oa]|"
    r"in vigore|approvat[oa]|actief|geldig|goedgekeurd|ativ[oa]|aprovad[oa]|aktywn[aey]|aktivní|platn[áýé]|voimassa)"
    r"(?: flag| \(?(?:y/n|yes/no)\)?)?\??",
    re.IGNORECASE,
)
#: Headings whose *yes*, or whose day, is one.
OUT_OF_FORCE: Final = re.compile(
    r"(?:is |date |day )?(?:(?:record|row|line|entry|budget|contract|account|item) )?(?:is )?(?:deleted|archived|cancell?ed|cancell?ation|inactive|terminated|termination|disabled|retired|"
    r"retirement|obsolete|void(?:ed)?|discontinued|withdrawn|excluded|rejected|superseded|deactivated|closed|"
    r"gelöscht|archiviert|storniert|gekündigt|inaktiv|supprimé|archivé|annulé|résilié|inactif|eliminad[oa]|anulad[oa]|"
    r"cancelad[oa]|archivad[oa]|inactiv[oa]|eliminat[oa]|annullat[oa]|archiviat[oa]|verwijderd|geannuleerd|opgezegd)"
    r"(?: (?:at|on|date|day|flag|am|le))?\??",
    re.IGNORECASE,
)
_GONE: Final = (
    r"cancell?ed|cancell?ing|terminated|withdrawn|rejected|declined|denied|refused|not (?:approved|active|awarded|funded|renewed|renewing|"
    r"in force|proceeding|going ahead)|unapproved|disapproved|superseded|replaced|void(?:ed)?|deleted|removed|archived|"
    r"inactive|deactivated|disabled|discontinued|retired|decommissioned|obsolete|abandoned|dropped|killed|lost|revoked|"
    r"annulled|churned|scrapped|duplicate|unfunded|closed lost|no longer (?:used|active|needed|in use)|"
    r"storniert\w*|gekündigt|abgelehnt|gelöscht|archiviert|inaktiv|zurückgezogen|verworfen|ersetzt|gestrichen|entfallen|"
    r"aufgehoben|stillgelegt|annulée?s?|résiliée?s?|refusée?s?|rejetée?s?|supprimée?s?|archivée?s?|inacti(?:f|ve)s?|"
    r"abandonnée?s?|remplacée?s?|cancelad[oa]s?|anulad[oa]s?|rechazad[oa]s?|rescindid[oa]s?|inactiv[oa]s?|eliminad[oa]s?|"
    r"retirad[oa]s?|de baja|annullat[oaie]|respint[oaie]|cessat[oaie]|disdett[oaie]|inattiv[oaie]|eliminat[oaie]|"
    r"archiviat[oaie]|revocat[oaie]|geannuleerd|opgezegd|afgewezen|vervallen|inactief|verwijderd|gearchiveerd|"
    r"rejeitad[oa]s?|inativ[oa]s?|excluíd[oa]s?|uppsag[dt]\w*|avbruten|avslagen|makulerad|borttagen|opsagt|annulleret|"
    r"afvist|oppsagt|kansellert|avvist|anulowan\w+|rozwiązan\w+|odrzucon\w+|nieaktywn\w+|usunięt\w+|zrušen\w*|"
    r"zamítnut\w*|neaktivní|peruttu|irtisanottu|hylätty|poistettu|已取消|取消|已终止|终止|作废|已作废|已拒绝|停用|无效|"
    r"解約|却下|キャンセル|廃止|無効|中止|취소|해지|반려|폐기|중지|отменен\w*|расторгнут\w*|отклонен\w*"
)
_OVER: Final = (
    r"expired|ended|lapsed|finished|out of contract|abgelaufen|beendet|ausgelaufen|expirée?s?|échue?s?|terminée?s?|"
    r"vencid[oa]s?|caducad[oa]s?|finalizad[oa]s?|terminad[oa]s?|scadut[oaie]|beëindigd|verlopen|encerrad[oa]s?|expirad[oa]s?|"
    r"avslutad|utgången|afsluttet|udløbet|avsluttet|utløpt|wygas\w+|zakończon\w+|ukončen\w*|vypršel\w*|päättynyt|"
    r"已过期|已到期|终了|終了|満了|만료|종료|истек\w*"
)
_AHEAD: Final = (
    r"drafts?|proposed|proposal|requested|in negotiation|negotiating|negotiation|prospect(?:ive)?|quoted?|not signed|"
    r"unsigned|(?:pending|awaiting) (?:signature|approval|execution)|under review|tentative|entwurf|vorschlag|geplant|"
    r"in verhandlung|brouillon|projet|proposée?s?|en négociation|borrador|propuest[oa]s?|en negociación|bozza|propost[oaie]|"
    r"concept|voorstel|rascunho|utkast|kladde|szkic|návrh|luonnos|草稿|下書き|초안|черновик"
)
#: What is no more whatever it is of; what is over, as a contract may be that an end tells; what is not there yet.
GONE: Final = re.compile(_GONE, re.IGNORECASE)
OVER: Final = re.compile(_OVER, re.IGNORECASE)
AHEAD: Final = re.compile(_AHEAD, re.IGNORECASE)
#: One of these as a word of a longer state (*3PCA - Cancelled*), unless it is still to come.
WITHIN: Final = re.compile(rf"(?<![\w'-])(?:{_GONE}|{_OVER})(?![\w-])", re.IGNORECASE)
TO_COME: Final = re.compile(
    r"\b(?:pending|to be|will be|may be|if|until|awaiting|requested|not|never|un)\b", re.IGNORECASE
)
#: States of what is in force, or was planned as it stands.
LIVE: Final = re.compile(
    r"(?:fully |in |is |auto[- ]?)?(?:active|live|current|force|effect|approved|confirmed|signed|executed|published|open|ok|"
    r"valid|running|ongoing|use|progress|green|committed|complete|completed|done|renewed|renewing|renewal|awarded|"
    r"on track|healthy|started|not started|funded|final|finali[sz]ed|locked|posted|submitted|adopted|planned|budgeted|"
    r"enabled|production|amber|yellow|red|aktiv|laufend|gültig|genehmigt|freigegeben|unterzeichnet|in kraft|actif|active|en cours|signée?|"
    r"en vigueur|approuvée?|validée?|activ[oa]|vigente|aprobad[oa]|firmad[oa]|en vigor|attiv[oa]|in vigore|approvat[oa]|"
    r"actief|lopend|geldig|goedgekeurd|ativ[oa]|aprovad[oa]|em vigor|aktiv[at]?|gällande|løbende|gældende|godkendt|"
    r"godkänd|aktywn\w+|obowiązując\w+|aktivní|platn\w+|voimassa|有效|执行中|已签订|有効|契約中|稼働中|유효|진행중|"
    r"действующ\w+|активн\w+)",
    re.IGNORECASE,
)
