r"""Words around an operator that tell whether it is the one that fails, in French and English.

In: nothing. Out: patterns of normalised clauses; ``\x01`` stands for the operator that is weighed,
``\x02`` for another. Remembers nothing.
"""

# ruff: noqa: SIM905  (words read better as a sentence than as a list)

import re

MARK = re.compile(
    r"(?<!\d)[.,](?!\d)|[;:!?()…\n\"«»]|\s[-–—]\s|[👉➡🙃🤡💀😅😂🤨😱]"
    r"|(?i:\b(?:mais|alors qu[e']|tandis que|car|parce qu[e']|pcq|pcque|vu qu[e']|du coup|donc"
    r"|en attendant|pourtant|sauf|contrairement|comparé|et depuis|et là|et maintenant|et moi"
    r"|et puis|là je|depuis que|"
    r"bc|but|while|whereas|because|cos|meanwhile|though|except|and now|and i|so)(?!\w))"
)
FINE = re.compile(
    r" (?:nickel|impec\w*|parfaite?s?|sans (?:souci|probleme)s?|aucun (?:souci|probleme)"
    r"|pas (?:de|un) (?:souci|probleme)s?|tout va bien|va bien|ca va|y a pas photo"
    r"|(?:marche\w*|fonctionne\w*|passe|passait|captait|capte|sonne|tourne|roule)"
    r"(?: (?:tres|super|encore|toujours|hyper|tjrs))? (?:bien|normal\w*|partout|direct|nickel"
    r"|mieux)|passent"
    r"|(?:ca|tout|qui|elle|il|seule?|la \dg|internet|wifi|tv|tele) (?:re)?(?:marche|fonctionne"
    r"|passe)"
    r"(?! (?:pas|plus|pu|jamais|rien|mal|\d|qu|que|toujours pas|tjrs pas|aucune?))"
    r"|(?:marche|fonctionne|tourne|passe|passaient|passait|appelle) $"
    r"|full barres?|usually brilliant|sans souci|(?:tout|line) (?:est|is) (?:ok|bon|normal"
    r"|perfect)"
    r"|oks?|okay|est revenue?|sans une seule coupure|lag pas|a la 0g|[45] barres|\d barres"
    r"|s est connectee? direct|ont \w+ fibre"
    r"|full bars|fine|works|working (?:fine|ok|perfectly)|no (?:bother|issues?|problems?|trouble)"
    r"|perfect\w*|flawless\w*|is great|supposedly great|all good|scrolling"
    r"|stream du|a la [45]g) "
)
SPARE = re.compile(
    r" (?:heureusement|grace a|thank god|thankfully|luckily|saving me"
    r"|(?:oblige\w*|force\w*) de (?:passer|basculer|rester|me mettre)|squatte|partage de co\w*"
    r"|j ecris (?:en|de|depuis|avec)|(?:je )?(?:vous )?tweete|tweeting|posting (?:from|on)"
    r"|(?:so )?i m on|using my|hotspot|acheter une|en secours|failover|backup|me depanne\w*"
    r"|tethering|tethered|on vit sur|m a file|gave me|kindly|merci (?!d)\w+ (?:et"
    r"|pour)|mobile qui me sauve|bascule sur) "
)
OTHERS = re.compile(
    r" (?:voisine?s?|colleg\w*|collegues?|mon mec|ma meuf|frere|soeur|ma mere|mon pere|parents"
    r"|daron"
    r"|mon pote|papa|maman|copine|copain|ma fille|mon fils|ma femme|mon mari|le monde|boss"
    r"|my (?:wife|husband|mate|sister|brother|mum|mom|dad|neighbou?r|friend|partner|kids?)"
    r"|husband s|wife s|next door|works phone|other line|tel du (?:taf|boulot|travail)"
    r"|folks here) "
)
MINE = re.compile(r" (?:moi|ma|mon|mes|chez moi|je|j|my|i|i m|me|we|our|here|ici) ")
WAS = re.compile(
    r" (?:avant|autrefois|j etais|j avais|etait|avais|hier|passaient"
    r"|could ve gone with|went|used to|was with|reste chez"
    r"|rester chez|stayed with|stuck with) "
)
LOSS = re.compile(
    r" (?:plus (?:de|d|rien|aucun\w*|moyen|une)|aucune?|pas de|pas d|sans|zero|que dalle|nada"
    r"|mort\w*"
    r"|hs|freeze\w*|reboot\w*|rame\w*|plante\w*|saute\w*|en rade|a l arret|dans les choux|tombee?"
    r"|greve|deconne\w*|decroche\w*|coupee?s?|panne\w*|rien ne|rouge|clignot\w*|hurle|galere"
    r"|la faute"
    r"|ne? (?:marche|fonctionne|capte|passe)\w* (?:pas|plus)|(?:marche|fonctionne"
    r"|capte) (?:pas|plus)"
    r"|rien du tout|introuvable|indisponible|aucun service|dort|rallume\w*|daigne|tombe"
    r"|raccroche\w*"
    r"|bloquee?s?|sonne plus|recois?t? plus|recoivent plus|navigue plus|\w+ plus (?:du tout|a)"
    r"|useless|loses|nothing loads|spinning|offline|fails?|failing|bloque\w*|decue?|deteste"
    r"|impossible|injoignable|zone blanche|capte moins|coupures?|lent\w*|bug\w*|1 jour sur"
    r"|no|not|n t|dead|down|out|off|lost|won t|can t|cant|doesn t|isn t|sos|nothing|blinking"
    r"|flashing|dropped \d|drops?|dropping|slow|shambles|blames|without|error"
    r"|stuck) "
)
HOST = re.compile(
    r"(?: (?:sur|utilise|sous|on|uses|using)(?: (?:le|l|the))?"
    r"(?: (?:reseau|antennes?|network|de|d))+ \x01| just \x01| on the \x01 (?:network )?"
    r"| le reseau de \x01)"
)
JOIN = re.compile(
    r" (?:(?:je )?(?:retourn|revien|repar|migr)\w*|aller|vais|viens|venir|passer|passe|raccordez"
    r"|j attends|offre|vers|going back|go back|switching|switch|moving|move|back)"
    r"(?: \w+){0,2}(?: (?:chez|a|au|to|vers|la|le|over to))? \x01"
    r"| vers \x01| bonjour \x01| hello \x01| chez vous .*\x01| \x01 (?:vous |je viens)"
)
LEAVES_WORDS = (
    r" (?:quitte|quitter|quittons|lache|laisse|resili\w*|resiliation|ciao|adieu|bye|leaving"
    r"|ditching|switching from|moving from|partir de|portabilite(?: \w+){0,2} de|switching) "
)
LEFT_WORDS = (
    r" (?:passee?s? de|(?:j )?ai (?:quitte|lache|laisse|change)|suis partie? de|left"
    r"|switched from"
    r"|dropped|moved from|ported from|switched|ditched|venue? de) "
)
OBJECT = r"(?:(?:la|le|l|mon|ma|chez|de|d|my|from|demandee de) )?\x01"
LEAVES = re.compile(LEAVES_WORDS + OBJECT)
LEFT = re.compile(LEFT_WORDS + OBJECT)
ANY_LEAVES, ANY_LEFT = re.compile(LEAVES_WORDS), re.compile(LEFT_WORDS)
MARGIN = 0.75  # points by which one must stand out
REGRET = re.compile(
    r" (?:pire (?:idee|erreur|choix)|erreur|regrette\w*|worst (?:move|idea)|mistake) "
)
WORSE_THAN = re.compile(
    r" (?:moins bien|pire|worse|slower|moins) (?:que|qu|than)(?: \w+){0,2} \x01"
)
BETTER_THAN = re.compile(
    r" (?:marche|fonctionne|capte|passe|works|better network|working) (?:\w+ ){0,2}(?:mieux"
    r"|better)"
    r" (?:que|qu|than)(?: \w+){0,2} \x01"
)
BETTER = re.compile(r" (?:mieux|meilleure?|better|faster) (?:que|qu|than)(?: \w+){0,2} \x01")
COMPARED = re.compile(
    r" (?:compare\w*|par rapport|compared) (?:a |au |to |with )?(?:la |le )?\x01"
    r"| avec (?:la |le |sa |l )\x01 de "
)
TO = re.compile(
    r" (?:pour(?: aller)?|for|to|chez|a|au|vers|bonjour|hello)(?: (?:chez|la|le|l))? \x01"
)
TOGETHER = re.compile(
    r"\x01 (?:(?:\w+ ){0,3}(?:et|and|ou|or|ni|n|comme|&) )?(?:la |le |l |the )?\x02"
)
NOT_IT = re.compile(
    r" (?:c est pas|pas|not|isn t) \x01 (?:qui|c est|it s|that)"
    r"| (?:pas besoin d[eu]?|regrette|je regrettais|miss) (?:la |le |l |mon )?\x01"
)
IT_IS = re.compile(
    r" (?:c est|it s|ca vient d[eu](?: chez)?|vient d[eu](?: chez)?|c est la box"
    r"|c est le reseau|faute (?:a|de|d)) \x01 (?!de )"
)
BLAMES = re.compile(
    r" (?:la faute (?:d|de|a)|blames?|c est a|says it s|fault of|sous traitants?"
    r"|tech\w* d[eu]?) \x01"
    r"| \x01 (?:engineer|technicien|tech|sous traitant)"
)
TELLS = re.compile(r" \x01 (?:m annonce|dit que|dit|blames|says|accuse)")
COUNTED = frozenset(  # behind "three", that it is a number
    "days hours times weeks months years minutes people of calls different others separate "
    "emails attempts engineers bars more".split()
)
