"""Find what readers go by in a post: since when, how often, whose fault, asked or told.

In: rows as :func:`~outagewatch.enrich.normalise.model_rows` writes them. Out: which hints each row
holds. Remembers nothing. A word that few training posts hold weighs little alone; as one of a kind,
"depuis le 12 juin" beside "since late August", it weighs what the kind does.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]

_MONTH = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january"
    "|february|march|april|may|june|july|august|september|october|november|december|jan|feb"
    "|apr|jun"
    "|jul|aug|sept?|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|januar|februar"
    "|maerz|gennaio|febbraio|aprile|maggio|giugno|luglio|janeiro|fevereiro|marco|maio|junho|julho"
)
_WEEKDAY = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday"
    "|saturday|sunday|lunes|martes|miercoles|jueves|viernes|montag|dienstag|mittwoch|donnerstag"
    "|freitag|samstag|sonntag|lunedi|martedi|mercoledi|giovedi|venerdi|segunda|terca|quarta"
    "|quinta"
)
_PATTERNS = {
    "recurring": (
        r"(?:tou[ts] les (?:jours|soirs|matins|weekends?|week|mois)"
        r"|toutes? les (?:nuits|semaines|heures|00? min|minutes)"
        r"|chaque (?:soir|jour|fois|semaine|nuit|matin|heure)|a chaque|une fois de plus"
        r"|sans arret"
        r"|tout le temps|en permanence|regulier\w*|sans cesse|en boucle|a repetition|quotidien\w*"
        r"|every ?(?:day|night|time|evening|week|morning|single)|always|constant\w*|all the time"
        r"|again and again|over and over|nightly"
        r"|(?:fois|times?) (?:par|a|en|in|this|cette|ce|de suite|depuis)|comme d hab\w*"
        r"|(?:jours|soirs|nuits|semaines|days|nights|weeks) (?:de suite|d affilee|in a row"
        r"|running)"
        r"|recur|siempre|cada (?:dia|noche|vez)|jeden (?:tag|abend)|immer|staendig|sempre|ogni"
        r" (?:giorno|sera|volta)|toda (?:noite|hora)|todo (?:dia|santo))"
    ),
    "long": (
        r"(?:durlong|0+ ?(?:e|eme|ieme|th) (?:jour|semaine|mois|day|week|month)"
        r"|depuis (?:un moment|longtemps|des|plusieurs|quelques|que)"
        r"|(?:for|in) (?:days|weeks|months|ages|years)|for a while"
        r"|plusieurs (?:jours|semaines|mois)|last (?:week|month|year)|la semaine derniere"
        r"|le mois dernier|hace (?:dias|semanas|meses)|seit (?:tagen|wochen|monaten)"
        r"|da (?:giorni|settimane|mesi)|ha (?:dias|semanas|meses))"
    ),
    "date": (
        r"(?:depuis|since|from|desde|seit|da|dal) (?:(?:le|el|dem|debut|fin|mi|la mi|last"
        r"|early|late"
        rf"|the|ce) )*(?:0+(?:st|nd|rd|th|er|e)? (?:of |de )?(?:{_MONTH}|0+)|(?:{_MONTH})|0+er"
        rf"|0000"
        r"|christmas|noel|l ete|cet ete|la rentree)"
    ),
    "days": r"durdays",
    "short": r"durshort",
    "weekday": rf"(?:depuis|since|on|from|last|desde el|seit|da) (?:{_WEEKDAY})",
    "now": (
        r"(?:depuis (?:ce|cet|cette|tout a|midi|hier|le debut de|0+ ?h ?0*|0+|tantot|durshort"
        r"|toute?)"
        r"|since (?:this|yesterday|last night|noon|lunch|about|around|0+)|tonight|today|right now"
        r"|this (?:morning|evening|afternoon)|all (?:day|morning|afternoon|evening)|ce (?:soir"
        r"|matin)"
        r"|cet? aprem|cet apres|en ce moment|actuellement|la maintenant|currently"
        r"|at the moment|atm"
        r"|just (?:went|lost|dropped|gone)|vient de|viens de|now|ajd|aujourd hui"
        r"|toute la (?:journee|matinee|soiree)|desde (?:esta|ayer|hoy|hace|las)|ahora"
        r"|esta (?:manana"
        r"|tarde|noche)|hoy|seit (?:heute|gestern|heut)|gerade|heute|jetzt|da (?:stamattina|ieri"
        r"|stasera|oggi)|adesso|stamattina|stasera|desde (?:hoje|ontem|as)|agora|hoje)"
    ),
    "visit": (
        r"(?:technicien\w*|techos?|rdv|rendez vous|rv|intervention\w*|raccord\w*|engineers?"
        r"|install\w*"
        r"|eligib\w*|ouverture de ligne|mise en service|pto|soudure|deploye\w*|activat\w*"
        r"|debranch\w*"
        r"|ecras\w*|arrach\w*|sectionn\w*|foudre|techniker\w*|tecnico|instalac\w*)"
    ),
    "money": (
        r"(?:factur\w*|rembours\w*|prelev\w*|bill|bills|refund\w*|charged?|paye\w*|payer|prix"
        r"|tarif\w*"
        r"|forfaits?|abonnements?|promo\w*|offres?|contract\w*|upgrade\w*|price\w*|deal\w*"
        r"|euros?|€|£"
        r"|rechnung|vertrag|bolletta|fatura|precio)"
    ),
    "leaving": (
        r"(?:resili\w*|cancel\w*|switch\w*|quitt\w*|concurren\w*|changer d operateur"
        r"|aller (?:voir )?ailleurs|partir|leav\w*|pac|kuendig\w*|disdetta)"
    ),
    "support": (
        r"(?:service clients?|service clientele|conseillere?s?|support|0000|sav|hotline|t?chat"
        r"|assistance|customer (?:service|care|support)|on hold|call cent\w*|repond\w*|joindre"
        r"|agents?|mp|dm|atencion al cliente|kundenservice|servizio clienti|atendimento)"
    ),
    "mail": r"(?:e ?mails?|mails?|zimbra|messagerie|boite|inbox|webmail|correo|posta)",
    "account": (
        r"(?:applis?|apps?|site|compte|identifiants?|mot de passe|password|account|login"
        r"|espace|maj"
        r"|mise a jour|update|firmware)"
    ),
    "same": (
        r"(?:pareil\w*|idem|la meme|meme (?:probleme|souci|chose|ici|pb)|moi aussi|ici aussi"
        r"|same (?:here|in|issue|problem|for)|me too|it s the same|the same in|same|yo tambien"
        r"|bei mir auch|hier auch|anch io|anche (?:qui|a me)|aqui tambem|igual)"
    ),
    "asks": (
        r"(?:c est moi|il y a (?:un|une|des)|y a (?:t il )?(?:un|une|des)|anyone else"
        r"|anybody else"
        r"|is there (?:a|an|any)|is it just me|des (?:soucis|problemes)|un (?:souci|probleme|bug"
        r"|incident)|qu est ce qu\w*|il se passe quoi|what s (?:going on|happening|up)"
        r"|alguien mas"
        r"|noch jemand|solo a me|mais alguem)"
    ),
    "question": r"\?",
    "step": r"etape ?0[a-z]?",
    "loss": (
        r"(?:(?:plus|pas|sans|aucune?|ni) (?:de |d |une? )?(?:internet|net|reseau|wifi|connexion"
        r"|connection|co|tv|tele|0g|fibre|rien|signal|acces|box|ligne|service|debit)"
        r"|(?:no|lost|losing|without|zero|0) (?:my |any |all )?(?:0g )?(?:signal|service"
        r"|internet|wifi"
        r"|data|network|0g|connection|broadband|reception|coverage)|en panne|pannes?|down"
        r"|coupee?s?"
        r"|coupures?|hs|(?:marche|fonctionne|capte|remarche)\w* (?:pas|plus|toujours pas|rien)"
        r"|(?:not|n t|isn t|doesn t|won t|can t|stopped) (?:work\w*|load\w*|connect\w*"
        r"|get \w+ signal)"
        r"|outages?|gone|rien ne (?:marche|fonctionne)|sin (?:internet|senal|servicio|linea|luz)"
        r"|no (?:funciona|va|tengo|hay) ?(?:internet|senal)?|caid[oa]|kein(?:e"
        r"|en)? (?:internet|netz"
        r"|empfang|wlan|strom)|geht (?:gar )?nicht\w*|ausgefallen|non (?:funziona|va|c e)"
        r"|sem (?:sinal"
        r"|internet|rede|luz)|caiu|fora do ar)"
    ),
    "telecom": (
        r"(?:reseaux?|internet|net|wifi|fibre|fiber|adsl|box|boxe|livebox|freebox|bbox|0g"
        r"|signal"
        r"|connexion|conexion|connection|co|debits?|ping|lag\w*|deco\w*|tv|tele|chaines?|data|sms"
        r"|appels?|calls?|texts?|broadband|router|hub|network|coverage|mast|sim|antennes?"
        r"|etape|mobile"
        r"|ligne|phone|tel|telephone|latence|mbps|megas?|service|online|player|decodeur"
        r"|capte\w*|bars"
        r"|reception|wi|red|senal|cobertura|netz|empfang|wlan|handy|rete|linea|segnale|rede|sinal"
        r"|celular)"
    ),
}


def _by_initial(pattern: str) -> str:
    """Write alternatives so that those with another first letter than a word's are not tried.

    Examples
    --------
    >>> _by_initial("(?:down|dead|hs|(?:no|zero) signal)")
    '(?:(?:no|zero) signal|d(?:own|ead)|h(?:s))'
    """
    if not (pattern.startswith("(?:") and pattern.endswith(")")):
        return pattern
    parts, depth, start = [], 0, 3
    for i, char in enumerate(pattern[3:-1], 3):
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            parts.append(pattern[start:i])
            start = i + 1
    if depth != 0 or ")" in _outside(pattern):
        return pattern
    parts.append(pattern[start:-1])
    groups: dict[str, list[str]] = {}
    for part in parts:
        plain = part[0].isalnum() and part[1:2] not in ("?", "*", "+")
        groups.setdefault(part[0] if plain else "", []).append(part[1:] if plain else part)
    odd = groups.pop("", [])
    return "(?:" + "|".join([*odd, *(f"{a}(?:{'|'.join(g)})" for a, g in groups.items())]) + ")"


def _outside(pattern: str) -> str:
    """Return what of a pattern lies outside its first group, its own end left out."""
    depth = 0
    for i, char in enumerate(pattern):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return pattern[i + 1 :]
    return ""


_REGEX = {name: re.compile(rf" {_by_initial(pattern)}(?= )") for name, pattern in _PATTERNS.items()}
NO_TELECOM = "no telecom"
HINTS = (*_PATTERNS, NO_TELECOM)


def hints_of(row: str) -> list[str]:
    """Return the hints of one row, in the order of :data:`HINTS`.

    Examples
    --------
    >>> hints_of(" plus internet depuis ce matin c est moi ? ")
    ['now', 'asks', 'question', 'loss', 'telecom']
    """
    found = [name for name, regex in _REGEX.items() if regex.search(row)]
    return found if "telecom" in found else [*found, NO_TELECOM]


def find_hints(texts: str, row_starts: Index) -> tuple[Index, Index]:
    """Find the hints of many rows in one pass each.

    Parameters
    ----------
    texts
        Rows apart by line feeds.
    row_starts
        Where each row begins in them, shape (n_rows,), ascending.

    Returns
    -------
    The rows and the hints found in them, each pair once, shape (n_found,) each.
    """
    rows, hints = [], []
    n_rows = len(row_starts)
    for hint, regex in enumerate(_REGEX.values()):
        starts = np.array([match.start() for match in regex.finditer(texts)], np.int64)
        found = np.unique(np.searchsorted(row_starts, starts, "right") - 1)
        rows.append(found)
        hints.append(np.full(len(found), hint, np.int64))
    named = rows[HINTS.index("telecom")]
    others = np.setdiff1d(np.arange(n_rows, dtype=np.int64), named, assume_unique=True)
    rows.append(others)
    hints.append(np.full(len(others), HINTS.index(NO_TELECOM), np.int64))
    return np.concatenate(rows), np.concatenate(hints)
