"""Words that carry no identity in a supplier's name, and words that change whose name it is. Pure data."""

LEGAL_FORMS = frozenset(
    """ltd limited lmtd limted litd limite limi limit plc llp llc inc incorporated incorp corp corporation co company
    gmbh mbh ag kg ohg ug se sa sas sarl srl spa sl slu sau bv nv ab as asa aps oy oyj pty pte pvt private unlimited uc
    ulc unltd lp lllp sro zoo kft doo ooo zao kk sdn bhd cic cio lda ltda eirl sprl bvba cv sc scs sca snc sasu eurl ev eg
    zrt nyrt ood eood jsc pbc srls gesmbh kgaa hf ehf ou uab sia kabushiki kaisha godo pt tbk spzoo""".split()
)

COUNTRIES = frozenset(
    """uk gb gbr eng england scotland wales ireland irl eire europe european emea eu apac usa us america american
    americas na canada can australia aus nz zealand germany deutschland deu france fra netherlands nederland nld
    holland spain espana italia italy portugal belgium luxembourg lux switzerland schweiz suisse austria sweden
    sverige norway norge denmark danmark dnk finland poland polska czech israel isr india ind singapore sgp japan jpn
    china hong kong brazil brasil mexico cyprus cyp malta estonia est lithuania ltu latvia hungary romania bulgaria
    greece turkey iceland uae dubai african africa south north east west northern southern eastern western ie
    international intl int worldwide global united kingdom states ire nordic nordics benelux dach iberia asia pacific
    kingdom northeast midlands latin latam middle mena anz asean gulf cz pl dk se fi hu ro hr lt lv ee kr za""".split()
)

STATES = frozenset(
    """al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa
    ri sc sd tn tx ut vt va wa wv wi wy dc on bc qc ab nsw vic qld""".split()
)

CITIES = frozenset(
    """london dublin amsterdam luxembourg paris berlin munich munchen hamburg frankfurt cologne zurich geneva vienna
    madrid barcelona lisbon milan rome stockholm oslo copenhagen kobenhavn helsinki reykjavik warsaw warszawa krakow
    prague praha budapest vilnius kaunas tallinn riga brussels antwerp rotterdam utrecht sydney melbourne brisbane
    perth auckland wellington toronto vancouver montreal ottawa waterloo victoria tel aviv telaviv singapore
    bangalore bengaluru chennai mumbai pune delhi tokyo manchester leeds bradford birmingham bristol liverpool
    sheffield edinburgh glasgow cardiff belfast nottingham leicester oxford cambridge reading brighton southampton
    york newcastle exeter cork limerick galway boston somerville atlanta austin chicago dallas denver seattle houston
    portland phoenix tempe scottsdale raleigh durham charlotte nashville orlando miami tampa pleasanton oakland
    berkeley fremont cupertino sunnyvale francisco sanfrancisco sanfrancisc mountain view menlo park palo alto
    redwood city mateo jose diego angeles lehi provo orem lindon lake philadelphia pittsburgh baltimore brooklyn
    york newyork washington minneapolis portsmouth burlington waltham san los new 4029357733 oxfordshire yorkshire
    cheshire devon cornwall kent essex surrey sussex hampshire dorset somerset wiltshire norfolk suffolk lancashire
    cumbria lincolnshire derbyshire staffordshire warwickshire gloucestershire berkshire hertfordshire bedfordshire
    buckinghamshire wirral swindon bury maidenhead slough bracknell croydon hove worcester penang kuala lumpur malaga derby abingdon lyon marseille toulouse bordeaux lille nantes turin genoa
    stuttgart dusseldorf leipzig hannover nuremberg basel bern lausanne valencia seville porto gothenburg malmo aarhus
    bergen tampere turku gdansk wroclaw poznan brno cluj sofia zagreb ljubljana belgrade athens istanbul haifa cairo
    lagos nairobi johannesburg capetown manila jakarta bangkok hanoi taipei seoul osaka shenzhen shanghai beijing
    hyderabad noida gurgaon kolkata karachi lahore dhaka colombo santiago bogota lima quito buenos aires sao paulo rio""".split()
)

# Towns which may stand after a known name; unlike those above they are left in the key under which spellings join.
TOWNS = frozenset(
    """antonio beaverton boulder broomfield bend eugene salem gresham hillsboro tigard spokane bellevue kirkland redmond
    tacoma everett bothell renton carlsbad irvine anaheim pasadena burbank glendale torrance monica culver venice
    ventura barbara sacramento fresno stockton bakersfield ramon walnut creek emeryville alameda hayward milpitas
    santa clara burlingame bruno carlos belmont foster saratoga gatos altos petaluma rosa reno henderson vegas chandler
    mesa gilbert tucson albuquerque fe ogden logan sandy draper murray bluffdale farmington bozeman billings boise
    meridian nampa cheyenne omaha lincoln bismarck fargo sioux falls minnetonka edina bloomington rochester madison
    milwaukee waukesha appleton naperville evanston schaumburg deerfield northbrook indianapolis fishers carmel
    evansville louisville lexington cincinnati columbus cleveland akron dayton toledo detroit ann arbor royal oak
    troy lansing grand rapids kalamazoo memphis knoxville chattanooga franklin brentwood birmingham huntsville mobile
    jackson orleans baton rouge houston plano irving frisco richardson addison arlington worth allen mckinney
    waco gainesville jacksonville petersburg clearwater sarasota lauderdale boca raton palm beach naples alpharetta
    roswell norcross duluth savannah charleston greenville columbia asheville cary wilmington richmond norfolk reston
    herndon mclean tysons bethesda rockville gaithersburg columbia annapolis newark princeton hoboken jersey
    hackensack parsippany edison brunswick camden conshohocken malvern wayne exton westchester chalfont lancaster
    allentown scranton stamford greenwich norwalk hartford haven danbury providence worcester framingham natick
    needham newton wellesley lexington bedford andover lowell quincy braintree manchester nashua burlington
    syracuse albany buffalo ithaca plains yonkers markham mississauga waterloo kitchener guelph hamilton kingston
    kelowna burnaby surrey calgary edmonton winnipeg regina saskatoon halifax fredericton moncton quebec laval
    sandpoint provo sliema julians valletta mosta birkirkara nicosia limassol larnaca odense aalborg esbjerg roskilde
    hellerup vejle kolding trondheim stavanger bergen kristiansand linkoping uppsala vasteras lund orebro umea
    espoo vantaa oulu jyvaskyla tartu parnu liepaja klaipeda bratislava kosice zilina ostrava plzen olomouc
    katowice lodz gdynia szczecin lublin rzeszow debrecen szeged timisoara iasi bucharest bucuresti varna plovdiv
    thessaloniki ankara izmir giessen bonn mannheim karlsruhe heidelberg freiburg augsburg ulm dortmund essen bochum
    duisburg aachen munster bielefeld bremen kiel lubeck rostock dresden chemnitz magdeburg erfurt jena mainz
    wiesbaden darmstadt kassel saarbrucken regensburg passau wurzburg ingolstadt potsdam muenchen koeln nuernberg
    linz graz salzburg innsbruck klagenfurt wien zug luzern gallen winterthur lugano eindhoven haag tilburg breda
    groningen arnhem nijmegen haarlem leiden delft gent ghent leuven liege charleroi namur hasselt merignac
    montpellier strasbourg rennes grenoble nice cannes sophia antipolis boulogne billancourt levallois neuilly
    courbevoie puteaux villeurbanne roubaix caen rouen reims dijon angers tours brest bilbao zaragoza granada
    alicante murcia palma cadiz coruna vigo gijon bologna firenze torino milano roma napoli verona padova trieste
    brescia bergamo modena parma palermo catania braga coimbra aveiro funchal ramat gan herzliya raanana netanya
    petah tikva rehovot beersheba jerusalem yafo doha riyadh jeddah muscat manama kuwait amman beirut casablanca
    tunis accra kampala kigali dakar abidjan lusaka harare durban pretoria sandton ahmedabad jaipur indore
    chandigarh kochi coimbatore nagpur lucknow surat mohali gurugram kathmandu cebu makati surabaya bandung selangor
    jaya petaling johor hsinchu kaohsiung busan incheon yokohama nagoya fukuoka kyoto shibuya chiyoda minato
    hangzhou guangzhou chengdu canberra adelaide hobart darwin geelong wollongong parramatta pyrmont christchurch
    dunedin hamilton tauranga guadalajara monterrey medellin cali barranquilla guayaquil montevideo asuncion cordoba
    rosario mendoza curitiba recife salvador brasilia campinas belo horizonte porto alegre fortaleza kilkenny
    waterford sligo letterkenny dundalk athlone drogheda swords sandyford blanchardstown reading woking guildford
    basingstoke farnborough farnham camberley wokingham newbury windsor watford luton stevenage hatfield hitchin
    letchworth milton keynes northampton kettering peterborough ipswich colchester chelmsford brentwood harlow
    basildon southend maidstone canterbury dover ashford tunbridge sevenoaks dartford croydon kingston richmond
    wimbledon ealing hounslow uxbridge harrow wembley petersfield winchester poole bournemouth weymouth taunton
    plymouth truro bath gloucester cheltenham hereford shrewsbury telford wolverhampton walsall dudley solihull
    coventry rugby leamington stratford banbury bicester tamworth burton stafford stoke crewe chester warrington
    wigan bolton stockport salford oldham rochdale huddersfield halifax wakefield barnsley doncaster rotherham hull
    harrogate middlesbrough sunderland gateshead darlington carlisle preston blackpool lancaster lincoln grimsby
    aberdeen dundee inverness stirling perth falkirk livingston swansea newport wrexham bangor lisburn derry
    boyle heights corte madera st saggart swords citywest leixlip bruxelles brussel antwerpen mechelen matosinhos
    vodnjan zadar split montabaur baden hoorn zwolle enschede amersfoort tewkesbury antrim ludlow fareham florianopolis joinville blumenau maringa chapeco ghent kortrijk
    lundby sophiaantipolis gdynia bielsko ballarat fitzroy collingwood surry""".split()
)

# Forms that stand before a company's name in some languages, and words that lead up to it.
LEADING_FORMS = frozenset(
    """kabushiki kaisha yugen godo uab sia pt ooo zao oao pao ao pjsc firma societe sociedad messrs ms kk gk sc sarl
    sas srl as ab oy ou""".split()
)

# Forms of bodies that sell no software: community companies, charities.
PUBLIC_FORMS = frozenset("cic cio charity charitable ggmbh diocese parish".split())

BILLING_WORDS = frozenset(
    """subscription subscriptions subscr subscrip subs sub monthly month mth annual annually yearly year yr plan plans
    premium plus pro professional business basic standard enterprise starter essentials team teams trial renewal
    renew invoice invoices inv payment payments pymt pmt bill billing billed account acct acc fee fees licence
    licences license licenses lic seats seat user credits credit topup charge charges service online web www http
    https com net org help support info misc purchase order direct debit dd card only pcard p visa mc recurring auto
    autopay payg payasyoug payasyougo usd gbp eur cad aud jan feb mar apr may jun jul aug sep sept oct nov dec q1 q2 q3
    q4 ref no app apps ltd eusub ebill website intern internat store shop checkout upgrade addon add on the by and of
    re ln a i e t s o ema hq vat tax""".split()
)

SOFT_WORDS = frozenset(
    """group groups holding holdings technologies technology tech software systems system solutions solution services
    media communications communication comms marketing digital data analytics analytic cloud research ads ad adverts
    advertising advertisement social email mail sms news newsletter survey surveys insight insights platform platforms
    labs lab studio studios network networks interactive mobile operations operating enterprises ventures products
    product creative design publishing publications video audio images image pictures content commerce ecommerce
    customer crm intelligence information planning public sports market markets customers engagement experience
    automation applications application development developers internet telecom hosting domain domains security
    limitedltd life community broadcasting promotions campaign campaigns monitoring management r d ai io hq eventbrite
    affiliate affiliates wales newspapers newspaper magazines outdoor radio press agency agencies worldwide posting
    recruiter jobs talent sales cc pdf pack download downloads stock template templates form forms listing listings
    workspace soft sys suite integration integrations api reports reporting dashboard tools tool infotech tecnologia
    tecnologias tecnologie technologie technologien informatica informatique sistemas sistemi soluciones solucoes
    servicos servicios servizi logiciel logiciels digitale numerique softwares medien""".split()
)

# Words after (or before) a product's name which say that the supplier is somebody around it, or somebody else.
BLOCK_WORDS = frozenset(
    """conference conf summit event events eventcore expo exhibition festival meetup usergroup users user-group
    training trainer academy courses course bootcamp consultancy consultants consultant consulting consult partner
    partners partnership specialist specialists certified certification reseller resellers recruitment recruiting
    recruiters staffing solicitors solicitor lawyers law legal nursery nurseries school schools college university
    trust hospital clinic surgery surgical medical dental pharmacy church council hotel hotels inn restaurant cafe
    bar pub garage garages cars car autos auto motors motor vehicles taxis taxi transport haulage logistics removals
    carpets flooring furniture furnishings curtains blinds kitchens kitchen bathrooms plumbing heating electrical
    electrics electricians engineering engineers construction builders building buildings roofing scaffolding
    properties property estates lettings homes housing care nursing fostering foster childcare cleaning cleaners
    catering foods food bakery butchers farm farms gardens garden landscapes landscaping nurseryman skip waste
    recycling security guards locksmiths locksmith locks metal metals steel chains tools plant hire rentals rental
    optical opticians optician foundation charity association society club fc gym fitness sport golf yoga dance theatre
    museum library architects architect architecture surveyors surveying accountants accountancy tax bookkeeping
    insurance finance bank mortgage mortgages energy gas oil petroleum fuel water power solar printing printers
    reprographics stationery supplies supply paints painting decorating decorators windows doors joinery carpentry
    timber textiles clothing fashion shoes jewellers jewellery tattoo hair beauty salon barbers spa massage pets
    veterinary vets vet equestrian marine boats shipping aviation airport airlines travel tours coaches minibus
    bandage orthopaedics orthopaedic diagnostics imaging pharma pharmaceuticals biotech laboratories instruments
    gadgets electronics components bearings tyres tires batteries lighting lights signs scouts guides parish mosque
    temple allotment allotments workwear uniforms uniform safety fencing fences paving quarry concrete cement bricks
    flowers florist florists gifts cards toys games gaming xbox playstation arcade bingo casino betting tickets cinema
    cinemas films wines wine brewery brewing spirits coffee tea chocolate cakes sandwich deli pizza burger kebab fish
    symposium congress convention summit2024 roadshow awards dinner sponsorship conference2023 conference2024 dreamforce inbound""".split()
)

# Payment processors and merchants of record: what stands after them is the supplier.
PROCESSORS = frozenset(
    """paypal pp ppl sp sq square tst toast paddle paddlenet stripe 2co 2cocom 2checkout fs fsprg fastspring dri
    digitalriver cbi cleverbridge wpy izettle iz zettle sumup klarna in gumroad gumrd gumrdcom lemsqzy lemonsqueezy
    payu adyen worldpay amazonpay chargebee recurly bluesnap bls xsolla act wl crv curve wise gocardless gc payhip
    mollie razorpay ebanx dlocal nyx ic shopifypay shoppay opayo sagepay takepayments dojo revolut""".split()
)
# Of these the merchants of record for software: whatever is bought through them is software.
SOFTWARE_SELLERS = frozenset(
    """paddle paddlenet fs fsprg fastspring 2co 2cocom 2checkout dri digitalriver cbi cleverbridge lemsqzy lemonsqueezy
    bluesnap bls chargebee recurly""".split()
)
LONG_PROCESSORS = frozenset(
    """paypal paddle paddlenet fastspring digitalriver cleverbridge izettle zettle sumup klarna gumroad lemonsqueezy
    2checkout gumrd lemsqzy fsprg""".split()
)

# Abbreviations that vendors put before their own name on card statements; any of them may stand before a name.
CARD_PREFIXES = frozenset(
    """hoo dnh stk smk sfdc msft eb ebs act intl sp sq pp fs in dri cbi cba ctct ctc mkt web www http https adb wpy tst
    ind cko py bt ch iz ls cc""".split()
)
MERGED_PREFIXES = (
    "paypal",
    "sfdc",
    "stk",
    "dnh",
    "hoo",
    "smk",
    "msft",
    "www",
    "ctct",
    "ctc",
    "mkt",
    "wpy",
    "dri",
    "cbi",
)

FACTORING = (
    "ultimate finance", "bibby financial services", "bibby factors", "close invoice finance", "close brothers",
    "lloyds commercial finance", "lloyds tsb commercial finance", "rbs invoice finance", "hsbc invoice finance",
    "barclays sales finance", "aldermore invoice finance", "metro bank sme", "skipton business finance", "igf",
    "royal bank of scotland", "factoring", "invoice finance",
)  # fmt: skip

TOP_LEVEL_DOMAINS = (
    "com.au co.uk org.uk ltd.uk gov.uk ac.uk co.nz co.in co.za com.br com.sg com.mx com net org io co ai app uk de fr "
    "eu us me tv so ly gg info biz ie nl es it ch at se dk no fi pl ca au nz in jp sh dev cloud tech digital media "
    "agency online email marketing design studio software solutions page site website store shop xyz fm im to is pro "
    "link video social news hr be cz pt gy sk one world team work space"
).split()

# Single common words, first names, surnames and places that are also names of products: no evidence by themselves.
COMMON_WORDS = frozenset(
    """able acoustic active acorn act  advance agile alert alpha alloy amber ambition amplitude anchor angel apollo
    apple apex arc archer arena ascend aspect aspire asset atlas attest aurora autumn axis balance bamboo banner base
    basis beacon bee bench benchmark beta better birch bird blaze bloom blue bolt bonus book border bounce box brand
    branch brave breeze brevity bridge bright bubble buffer build bullet bundle burst business buzz cabin cable cactus
    calendar campaigner canary candid candle canto canvas capsule captain card carbon cargo carrot castle catalyst
    cedar  census centre chain channel chart charter chase check choice chord chorus circle citizen city clarity
    classy clay clear clever click cloud clover coast coda code coda comet command common commons communicator compass
    concord conductor connect contact content context convert copper coral core corner cosmos count courier cove craft
    crayon crazy crest crew crimson crisp cross crown crystal cube curator curve customer cyan dash data dawn decibel
    decision delta demand depot desk dialogue digital direct discover dispatch dock domo door dove draft dragon dream
    drift drip drive drum dynamic eagle earth echo eclipse edge elastic element elevate elite ember emma encore
    endeavour engage engine ensemble enterprise envoy epic epsilon equal essence eve event everest evergreen every
    exact expert explorer express extra fable factor falcon feather fern figure filter finch fire firefly first fish
    flag flame flare flash fleet flex flight flint float flock flow flower fluid flux focus folio force forest forge
    fork form formation forrester fortune forum foundation fountain fox frame frank freedom fresh friday front frontier
    fuel fusion future gain galaxy gamma garden gate gather gem general genesis genesys genius ghost giant glacier glass
    glide global globe glow gold good gong grace graph graphite grasshopper gravity green grid groove ground group grove
    grow growth guide guru hall halo hammer hammock handle harbor harbour harmony harvest haven hawk hazel heap heart
     heat help helix herald hero heritage hexagon hi high highlight hive hologram home honey hook hopper horizon
     house hub human hunter hydra icon idea ignite image impact improve in index indigo infinity influence ink
    insider insight inspire instinct integral intent intercom interval invite iris iron island ivory ivy jacquard jade
    jasper jet jewel join journal journey jump juniper just kantata karma keen kernel kestrel key keyhole keystone kick
    kind king kit kite knowledge koala ladder lake lagan lamp lantern lark laser later launch laurel lattice layer lead
    leaf league leap ledger legacy legend lever leverage liberty life lift light lightning lily lime line linear link
    lion listen lists litmus little live local loft logic loom loop loops lotus lucid lucky lumen luna lunar lynx magic
    magnet magnolia main mango manta map maple marigold mark marker market marlin mast master match matrix maze meadow
     medal melody memo mention mercury merit merlin message meta meteor metric metro milestone mimosa mind mint
    mirror miss mobile mode model modern molecule moment momentum monday monitor moon motion mountain move movement
    muse mustang native navigator neon nest net network neutral new next nexus nice nimble noble node north
    notable note notion nova oak oasis ocean octopus odyssey olive omega omni one onward onyx opal open opera optic
    option oracle orange orbit orchard orchid order orchestra organic origin orion oscar osprey otter  oyster
    pace pacific page paint palette palm panda panel panther paper parable paragon park parrot path patch pattern peak
    pear pearl pebble pendo penguin people peregrine perfect period perk phantom phoenix phone photo piano picture pilot
    pine pinnacle pioneer pipe pixel planet plan planner planet plate platform play plaza plot plum plus point polar
    polaris pole pollen pond poplar port portal position post potential power precise precision presence press prime
    prism prize process product profile progress project promise proof prophet proper prosper provide pulse pure purple
    puzzle pyramid python quantum quarry quartz quest quick quill quiver radar radius rain rainbow raise rally
    ramp range rank rapid raven reach ready real recall record red redpoint reef reflect region relay remark remedy
    render repeat report resend resolve resonate response result retention retro reveal review revive revolution rhino
    ribbon ring rise rival river road robin rocket rode root rose rover royal ruby rule run rush sage sail salt sand
    sandbox sapphire saturn savvy scale scene school science scope score scout screen script scroll sea seed segment
    select sender sense sentinel sequoia shadow shape share shark shell shelf shield shift shine ship shore shorthand
    shuttle siege sierra sight sigma sign signal silk silver simple single siren site six skill sky skyline slack slate
    slice slope small smart smoke smooth snap snow snowflake social soft solar sole solid solo sonar sonic sound source
    south space span spark spectrum speed sphere spiral spirit splash splice spoke sport spot spring sprint sprout spruce
    square squad stack staff stage standard star start state station statue steady steam steel stella step stone storm
    story stream street stride strike stripe strong studio style sugar suite summer summit sun sunrise support sure surf
    surge swan sweep swift switch symphony sync synergy system tab table tableau tag take talent talon tandem tango tap
    target task team tempo terminus test text thread three thrive thunder tick tide tiger tiles timber time titan toast
    together token tone top topic torch total touch tower town trace track trade trail train transcend transform transit
    travel tray treasure tree trend tribe trident trigger trim trinity trio triple triumph tropic true trust truth tulip
    tune turbo turtle twig twin twist uber ultra umbrella unica unify union unique unit unity universe up upland uplift
    upward urban user usual utility valid validity valley value vanguard vector vega velocity velvet venture venus vera
    verge vero verse vessel vibe victor victory view vigil viking village vine vintage viola violet viper vision vista
    visual vital vivid voice volt vortex voyage vulcan wave wavelength way web wedge weld well west whale wheel whisper
    white whole wide wild willow win wind window wing winter wire wisdom wise wish wolf wonder wood word work workshop
    world wrap wren write x yard yellow yes yield yonder zeal zen zenith zephyr zero zest zinc zone zoom
    abacus advantage allegiance ally arbor aster artesia astute barkers barometric bauer beckon blackfire
    blissfully bohemian brella brierley brix burson butter cake campaign capillary carbonite carlton caterer
    census centro checker clare colour commerce condens conga conversion conversant converse cron cumulus deduce
    dennis diagram directness embrace everflow everway fame fathom firewood fishburn fjord fluence fonts four
    foresee foundry frase galilee gatsby gatherly gemini gimbal giving glitch grade granada grapeshot guardian
    hippo hero highrise hoefler hoya imail incling immediacy independent independence indicative insite insided
    jarvis jive jobsite kana kaldor kaleido kelton ketch klaus klear koji kore lithium limehouse livestream
    looker loris luminate magnific mandrill material maximum mindful mori movable movio newsroom newsbase noddle
    oath objective ocelot offset openmarket optics orbis orum paladin pandora parse passenger passport paste
    peakon percy perplexity pics populus portfolio prisma profiles pusher quark qubit ramius rapide reachout
    realize receptive retool reveal runway sapient satellite scoop search serif short skiff slide socio spiff
    stitcher strata tagger takumi tealeaf telegraph temi tonic torii turn built notified undertone unruly urchin
    valo vantage vignette vogue walls welcome wired windsor wing zeta zeit zephr zuko zyme advertising adverts
    marketing telephone insights ios android
    alexandra alex alexa alice amelia anna arthur audrey ben bella bob carla charlie clara claude daisy dave david diana
    eddie edward ella ellie emily eva evie felix fred george grant harry henry holly hugo ida jack jackson jacob james
    jane jim joe john jones josh julia kate kelly kim laura lee leo lewis lily lisa louis lucy marcel maria martin mary
    max maya mia miles milo molly morgan nelson nick nina nora oliver oscar otto owen pat paul penny peter phil piper
    poppy ray rex riley ross roy ruth ryan sam sara scott simon smith sophie stella stuart sue taylor ted terry theo thomas
    tina toby tom victoria walker warren wendy will wilson woods zoe moss marsh dixon bennett
    adopt alphonso aruba async attribution capacity channelize confect consensus constant coupons diagrams draw empower featured feathery
    forestry friendly holistic imago innervate invisible lilt linearity list localize lofty megaphone mine panoply paperless perspective
    piggy placements plasmic prospect pylon rhombus sagacity scala scribe shiny sidewinder snitcher sorter spectra spline translations vouch actinic constance
    goss tempest collect lagan tavistock kendal preston lincoln chelsea camden savannah sydney verona sienna florence paris geneva
    """.split()
)
