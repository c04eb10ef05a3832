"""Words that tell a place from what only looks like one, in French and English.

In: nothing. Out: sets of words as they stand in normalised rows. Remembers nothing.
"""

# ruff: noqa: SIM905  (words read better as a sentence than as a list)

LARGE_CITY = 20_000  # inhabitants from which a bare, capitalised name is read as a place
COMMON_CITY = 5_000  # and for a name that is an ordinary word too
KNOWN_CITY = 200_000  # of that size also without a capital, where words say that it is a place
SMALL_CITY = 2_000  # below this a name needs both a capital and the words of a place
AT = frozenset(  # before a place
    "habite habitons live living a au aux en sur vers dans ici in near at around across "
    "outside secteur region ville "
    "commune agglo pres proche chez hier idem pareil here over ds s cote through "
    "throughout".split()
)
ARTICLE = frozenset("le la l les the".split())
BEFORE_ARTICLE = frozenset("dans ds tout toute sur in en vers de sous a across around near".split())
OF = frozenset("de d du des of".split())
BEFORE_OF = frozenset(
    "pres cote zones secteurs ville commune region secteur quartier banlieue sud nord est "
    "ouest centre autour agglo agglomeration departement side loin hauteur zone pays "
    "arrondissement gens habitant habitants monde whole half most all out people parts "
    "area east west north south city".split()
)
STREET = frozenset(  # what is named after places
    "rue avenue av boulevard bd place route chemin quai cours gare porte allee impasse "
    "pont faubourg college lycee universite stade tour banque credit caisse road street".split()
)
NO_DEPARTMENT = frozenset(  # behind a number, that it is no département
    "h heure heures min mn minutes % € euros euro mbps mb go mo gb ans an jours j jour "
    "secondes sec km eme e er janvier fevrier mars avril mai juin juillet aout septembre "
    "octobre novembre decembre dernier prochain fois pm am points janv fev sept oct nov "
    "dec".split()
)
NO_POSTCODE_BEFORE = frozenset("ticket dossier n no numero ref reference client id code €".split())
NO_POSTCODE_AFTER = frozenset(
    "€ euros euro mo go mb mbps fois abonnes personnes clients signalements km m users".split()
)
CHANNELS = frozenset("canal canaux chaine chaines channel channels".split())
PLAIN_NUMBER_AFTER = frozenset(
    "est sans down hs aussi en toujours tjrs encore plus idem pareil entier".split()
)
LAST_DAY = 31  # "le 13" may be a date, "le 93" is none
LEAD = frozenset(  # may stand before a place that opens a post
    "et a bon bah ben alors oh hey hi hello bonjour bonsoir salut coucou ptn putain aie "
    "tout toute toujours encore idem pareil same here ici confirme je j whole all anyone "
    "ok so yo lol mdr url allo".split()
)
WHOLE = frozenset("tout toute whole half most all".split())
NEAR = frozenset("near around outside vers proche secteur".split())
PERSON_BEFORE = frozenset(  # a name after one of these is a person's, or a pet's
    "madame monsieur mme mr mrs ms miss m dr named called appelle prenom "
    "cousine cousin tata tonton".split()
)
NO_PLACE_AFTER = frozenset(  # a name before one of these is a team, a firm, a person
    "match packers jones telecom telecoms fc v vs gagne perdu hilton market girls fire pd "
    "housewives saison season finale goal app apps comma bank cheese audio united "
    "rovers albion wanderers sav habitat presse".split()
)
NO_PLACE_BEFORE = frozenset(
    "bourse colis match sg fc psg olympique stade livraison se depot depots entrepot "
    "warehouse siege tribunal demenage demenager demenageons part pars partons partir "
    "partie partis moving flying heading shipped serie film saison episode season "
    "meurtres betises jambon saucisse fromage moutarde savon commande emily agricole "
    "serveurs pompe hotel bout verre bouteille camion".split()
)
FIRST_NAMES = frozenset(  # people's names too
    "florence nancy lorraine laval vienne charlotte austin georgia virginia victoria "
    "lincoln jackson chelsea chester kent clinton tyler arlington savannah madison sydney "
    "dakota logan paris carolina marion marie martin clement troy hamilton jordan "
    "washington indiana denver preston ashley lancaster warwick stafford alma ines".split()
)
ORDINARY = frozenset(
    "calvados cantal aube reunion landes centre vannes mars".split()
)  # words of every day too, though the gazetteer does not say so
STATE_WORDS = frozenset(
    "in or ok me hi oh pa ma la de id al co mo".split()
)  # states of two letters that are words
LATE_DISTRICTS = frozenset(
    "e s".split()
)  # S22 is a telephone, E4 a channel, M25 a road, unless "in" stands before
DEVICE_AFTER = frozenset("ultra laptop plus pro fe printer".split())
TO_INHABITANTS = frozenset("chez tous alors pour".split())  # before "les Bretons"
RIVERS = frozenset("loire marne seine vienne somme sarthe moselle charente meuse".split())
LONG_NAME = 6  # letters from which a rare word is hardly anything but a place
BEFORE_SHORT = frozenset("in en a across sur".split())
COMPASS = frozenset("nord sud est ouest north south east west".split())
MONTHS = frozenset("mars avril mai juin juillet aout may march june".split())
BETWEEN = frozenset("en dans ds le la l les du in the".split())
NO_DISTRICT_BEFORE = frozenset(
    "the galaxy samsung iphone pixel my m ps xbox nokia moto sony windows page level series".split()
)
SAME = frozenset("pareil idem meme aussi ici same".split())
WHERE = frozenset("a au aux en in vers depuis ici tout from across".split())
NOT_SHORT = frozenset(  # first words that stand for no one town
    "saint sainte saints les mont fontaine villeneuve pont port chateau bourg grand "
    "grande petit sables neuilly salon romans charleville paris lyon marseille cote vieux "
    "haute basse north south east west royal".split()
)
STREET_AFTER = frozenset("road street st avenue ave lane drive close way court terrace".split())
BEFORE_THING = frozenset("de d du un une des le les the an jambon".split())  # in small letters
SPORT = frozenset(
    "match finale ligue ldc goal goals away v vs champions kick penalty arsenal spurs ol "
    "om psg rugby ballon foot mi-temps score derby velodrome".split()
)
GIVEN_NAMES = frozenset(
    "jordan charlotte madison emma lucas hugo lea chloe manon camille thomas nicolas "
    "julien kevin antoine pierre paul jean jacques michel marie anne sophie julie laura "
    "sarah ines lina nathan enzo louis jules arthur gabriel leo adam mohamed karim fatima "
    "nadia sylvie nathalie isabelle valerie christine patrick philippe alain bernard "
    "gerard eric david daniel olivier laurent stephane christophe sebastien frederic "
    "jerome vincent guillaume mathieu maxime alexandre john james mary robert michael "
    "linda william jennifer elizabeth susan joseph jessica karen christopher ashley emily "
    "amanda melissa denzel stephanie rebecca kathy amy anna brian jason jeff gary steve "
    "stephen andrew mark matt dave tom tim ben sam dan joe jack harry charlie oliver "
    "george noah olivia amelia isla ava mia grace sophia ella".split()
)
