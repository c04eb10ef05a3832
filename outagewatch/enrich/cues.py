"""Words that set a complaint in time: since when, of last night, or over.

In: one normalised row. Out: what it says of time. Remembers nothing.
"""

from __future__ import annotations

import re

from outagewatch.enrich.lexicon import Hit, Terms

RESTORED = [
    "c est revenu*", "est revenu*", "sont revenu*", "tout est revenu", "vient de revenir",
    "reseau revenu", "internet revenu", "wifi revenu", "connexion revenue", "signal revenu",
    "fibre revenue", "tele revenue", "revenu chez moi", "revenue chez moi", "revenu a l instant",
    "est de retour", "de retour chez moi", "de retour en ligne", "ca remarche*", "ca re marche",
    "remarche", "remarchent", "refonctionne*", "ca fonctionne a nouveau", "a nouveau du reseau",
    "marche a nouveau", "marche de nouveau", "fonctionne de nouveau", "de nouveau en ligne",
    "de nouveau internet", "de nouveau du reseau", "est la de nouveau", "ok de nouveau",
    "remarche enfin", "est retabli*", "retabli chez", "retabli de mon cote", "retabli a l "
    "instant",
    "vient de retablir", "service retabli", "ont retabli", "probleme resolu", "panne resolue",
    "panne est finie", "panne terminee", "incident termine", "plus de panne", "fin de la panne",
    "tout refonctionne", "merci d avoir repare", "c est repare", "a ete repare", "est repare",
    "c est reparti", "vient de repartir", "ca repart", "retour a la normale", "retour de la "
    "fibre",
    "retour du reseau", "retour d internet", "c est regle", "probleme regle", "reconnecte",
    "signal retrouve", "reseau retrouve", "tout est ok maintenant", "c est ok pour moi",
    "c est bon pour moi", "c est bon chez moi", "plus de souci pour moi", "tout est rentre dans",
    "fausse alerte",
    "is back", "it s back", "we re back", "i m back online", "internet s back", "signal s back",
    "power s back", "power is back", "electric s back", "lights are back", "broadband s back",
    "wifi s back", "4g s back", "service is back", "just come back", "come back on", "came back",
    "coming back on", "back up", "back on", "back online", "back up and running", "up and "
    "running",
    "alive again", "back to life", "back to normal", "back in business",
    "working again", "works again", "all working now", "working now", "reconnected",
    "power restored", "service restored", "been restored", "restored in", "restored here",
    "all good now", "fixed now", "sorted now", "sorted here now", "fixed in",
    "all fixed", "panic over", "we have power", "power s on", "electric s returned", "lights on",
    "risen from the dead", "all sorted", "has returned",
    "ha vuelto", "ya funciona", "ya va bien", "vuelve a funcionar", "wieder da", "geht wieder",
    "laeuft wieder", "lauft wieder", "e tornat*", "funziona di nuovo", "e ripartit*", "voltou",
    "ja voltou", "voltou a funcionar",
]  # fmt: skip
_NOT = {
    "pas", "jamais", "rien", "quand", "promet", "promettent", "attend", "attends", "objectif",
    "not", "isn", "never", "t", "when", "if", "until", "till", "get", "promises", "hope",
}  # fmt: skip
_AHEAD_OF_IT = {"attendu", "prevu", "estime", "dans", "d", "expected", "estimated", "by", "within"}
_NUMBER = {
    "un": 1,
    "une": 1,
    "a": 1,
    "an": 1,
    "one": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
}
_ONSET = re.compile(
    r" (?:depuis|ca fait|fait|voila|for|since|past|last|been)"
    r"(?: (?:environ|bien|deja|about|like|the|over|around|a peu pres|plus d|plus de))* "
    r"(?:(\d{1,3}|une?|deux|trois|an?|one|two|three|half an|une demi|demi) ?)"
    r"(minutes?|mins?|min|mn|heures?|hours?|hrs?)(?= )"
)
_AGO = re.compile(
    r" (?:(?:il y a|y a) )?(\d{1,3}|an?|one|two|three|half an) "
    r"(minutes?|mins?|min|mn|hours?|hrs?) ago "
    r"| il y a (\d{1,3}|une?|deux|trois) ?(minutes?|mins?|min|mn|heures?) "
)
MAX_ONSET_MINUTES = 180  # what is said to have begun longer ago is estimated instead
_PAST = re.compile(
    r"(?<!depuis)(?<!since) (cette nuit|hier soir|la nuit derniere|hier|last night|yesterday) "
)
_GOES_ON = re.compile(
    r" (?:depuis (?:\d+\w*|ce|cet|tout|midi)|since \d\w*|cette fois|toujours|tjrs|tjr"
    r"|encore pas|pas (?:encore )?(?:revenue?|retabli\w*)|retablissement"
    r"|still"
    r"|not back|no sign|yet|until now) "
)
_NIGHT = {"cette nuit", "la nuit derniere", "last night"}


def onset_minutes(row: str) -> int | None:
    """Return how many minutes ago the writer says that it began, or None.

    Examples
    --------
    >>> onset_minutes(" plus internet depuis 15 min ")
    15
    >>> onset_minutes(" no signal for the past half an hour ")
    30
    """
    match = _ONSET.search(row)
    count, unit = (match[1], match[2]) if match else (None, None)
    if match is None:
        ago = _AGO.search(row)
        if ago is None:
            return None
        count, unit = ago[1] or ago[3], ago[2] or ago[4]
    if count is None or unit is None:
        return None
    each = 60 if unit.startswith("h") else 1
    half = count in ("half an", "demi", "une demi")
    minutes = 30 if half else each * (int(count) if count.isdigit() else _NUMBER.get(count, 1))
    return minutes if 0 < minutes <= MAX_ONSET_MINUTES else None


def is_past(row: str, local_hour: int) -> bool:
    """Whether the row speaks of a night or evening that is over at this hour of its place.

    Examples
    --------
    >>> is_past(" encore une coupure cette nuit ", local_hour=9)
    True
    >>> is_past(" plus rien depuis hier soir ", local_hour=9)
    False
    >>> is_past(" encore une coupure cette nuit ", local_hour=2)
    False
    """
    match = _PAST.search(row)
    if _GOES_ON.search(row):
        return False
    return match is not None and not (match[1] in _NIGHT and not 6 <= local_hour < 22)


_SUPPOSED = re.compile(
    r" (?:si (?:jamais )?(?:la |le |l |ma |mon |\w+ ){1,3}(?:tombe|plante|coupe|lache|saute|bug)"
    r"|(?:j )?espere (?:que )?(?:\w+ ){1,4}(?:pas|jamais)|imagine (?:la |une |que |if )"
    r"|if (?:my |the |\w+ ){1,3}(?:goes|drops|dies|cuts|fails|breaks)) "
)
_PRAISE = re.compile(
    r" (?:marche (?:tres|super|hyper|trop) bien|tout (?:va|roule|fonctionne|marche)(?: tres"
    r"| super)?"
    r" (?:bien|nickel|chez)|debit (?:de dingue|incroyable|de fou)|aucun (?:souci"
    r"|probleme) (?:chez moi"
    r"|ici|de reseau)|nothing wrong with|works? (?:perfectly|fine|great)|working (?:fine"
    r"|perfectly"
    r"|great)|no (?:power )?outage here|no problems? (?:at all|here)|never lost power|full bars) "
)
_BUT = re.compile(
    r" (?:mais|sauf|avant|jusqu|normalement|pourtant|plus|pas|but|except|until|usually|normally"
    r"|yet|although|though|not|no signal|nothing loads|can t|won t|isn t|doesn t) "
)


def is_supposed(row: str) -> bool:
    """Whether the row speaks of an outage that might come.

    Examples
    --------
    >>> is_supposed(" si free tombe en panne ce soir je pete un cable ")
    True
    """
    return _SUPPOSED.search(row) is not None


def is_praise(row: str) -> bool:
    """Whether the row says that all works, and nothing against it.

    Examples
    --------
    >>> is_praise(" my sky broadband works perfectly "), is_praise(" full bars but nothing loads ")
    (True, False)
    """
    return _PRAISE.search(row) is not None and _BUT.search(row) is None


_TROUBLE = re.compile(
    r" (?:incidents?|pannes?|perturb\w*|interrup\w*|interromp\w*|dysfonctionne\w*|coupures?"
    r"|hors service|indisponibles?|derangements?|difficultes|pertes? de service"
    r"|ruptures? de fibre"
    r"|impossibilite|echecs? d appels?|sans connexion|n ont plus acces|impactee?s?"
    r"|fait des siennes"
    r"|problemes?|soucis?|issues?|outages?|faults?|disrupt\w*|unable to|can t|loss of service"
    r"|without (?:\w+ ){0,2}(?:service|data|power)|unavailable|damaged|power failure|problems?"
    r"|is down|are down) "
)
_NOW_AND_MANY = re.compile(
    r" (?:en cours|actuellement|nos (?:\w+ )?(?:equipes?|techniciens|experts|inges|services)"
    r"|nos abonnes|des equipes|certaine?s|clients|mobilise\w*|nous rencontrons|avons un incident"
    r"|constate\w*|engendre\w*|entraine\w*|a pied d oeuvre|suite a|suite aux|vous tiendrons"
    r"|informes"
    r"|merci (?:de|pour) votre (?:patience|comprehension)|prochain point|inutile de"
    r"|our (?:\w+ )?(?:engineers?|teams?)|engineers (?:are|have)|we (?:re|are) aware"
    r"|aware (?:of|that)"
    r"|(?:some (?:\w+ )?)?customers|investigating|working (?:on|to)|affecting|affected|crews?) "
)
_ENDED = re.compile(
    r" (?:resolue?s?|est retablie?|sont retablie?s?|service retabli|fin (?:d|de l) incident"
    r"|fin de la panne|rentre dans l ordre|repare(?:e|s)?|terminee?s?|clos|avons repare"
    r"|ont repare"
    r"|ont retrouve|retour a la normale (?:!|pour|confirme)"
    r"|resolved|fully restored|been restored|service restored|back to normal|all fixed|back up"
    r"|is fixed|been fixed|everything is working) "
)
_AHEAD = re.compile(
    r" (?:programmee?s?|planifiee?s?|travaux|maintenance|a prevoir|sera|seront|modernis\w*"
    r"|planned|scheduled|upgrade|upgrading|will be|overnight works?) "
)
_NAMED_INCIDENT = re.compile(
    r" (?:un incident|incident)(?: (?:technique|reseau|majeur|est|actuellement))*"
    r" (?:en cours|general|generalise|national) | panne (?:generale|generalisee|nationale) "
    r"|(?:major|nationwide|national) (?:outage|incident) "
)


def is_notice(row: str, *, to_one: bool) -> bool:
    """Whether an operator's own post says in public that an outage is going on.

    Parameters
    ----------
    row
        The normalised post.
    to_one
        Whether it answers one person: then it must name an incident that is not theirs alone.

    Examples
    --------
    >>> is_notice(" un incident engendre une perte de service nos equipes y sont ", to_one=False)
    True
    >>> is_notice(" bonjour rencontrez vous toujours une panne ? ", to_one=True)
    False
    """
    if _ENDED.search(row) or _AHEAD.search(row):
        return False
    if to_one:
        return _NAMED_INCIDENT.search(row) is not None and "?" not in row
    return _TROUBLE.search(row) is not None and _NOW_AND_MANY.search(row) is not None


def is_restored(row: str, terms: Terms) -> bool:
    """Whether the row says that the service is back, and doesn't deny or ask it."""
    return any(_affirmed(row, hit) for hit in terms.hits if hit.term.field == "restored")


def _affirmed(row: str, hit: Hit) -> bool:
    before = row[: hit.start + 1].split()[-3:]
    inside = row[hit.start : hit.end].split()
    after = row[hit.end - 1 :].split(maxsplit=2)[:2]
    return not _NOT & {*before, *inside} and not _AHEAD_OF_IT & {*after}
