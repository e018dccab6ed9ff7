//! The one reader for yes and no: columns and cells that say whether somebody may be written to, called or faxed.
//!
//! Covers the languages of [`super::header_names`], and what Mailchimp, HubSpot, Brevo, `CleverReach`, Keila, Mautic and
//! Salesforce write. What a cell says in other words than these is reported, and changes nothing.

use std::sync::OnceLock;

use leadferry_store::Channel;

use super::fold::fold;
use super::values;

/// What the cells of a column say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ConsentColumn {
    /// Yes, or a time, means that the contact wants nothing on this channel.
    OptOut(Channel),
    /// The same for every channel.
    NoContact,
    /// No means that the contact wants nothing on this channel.
    OptIn(Channel),
    /// Words such as *subscribed* about email.
    Status,
    /// Yes means that nothing may be sent to Salesforce.
    Mark,
    /// A time, or a word, at which the address did not work. That is no answer.
    Bounce,
}

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// Nothing about consent.
    Nothing,
    /// They allow it.
    Yes,
    /// They refuse it.
    No,
    /// They are no subscriber, which is neither: most were never asked.
    NotAsked,
    /// The address does not work.
    Bounced,
    /// It is a word that is not known.
    Unknown,
}

impl ConsentColumn {
    /// Returns the channels that a no is about.
    pub(crate) fn channels(self) -> &'static [Channel] {
        match self {
            Self::OptOut(Channel::Email) | Self::OptIn(Channel::Email) | Self::Status => {
                &[Channel::Email]
            }
            Self::OptOut(Channel::Phone) | Self::OptIn(Channel::Phone) => &[Channel::Phone],
            Self::OptOut(Channel::Fax) | Self::OptIn(Channel::Fax) => &[Channel::Fax],
            Self::NoContact => Channel::ALL,
            Self::Mark | Self::Bounce => &[],
        }
    }

    /// Returns what its cells mean, in words for the preview.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::OptOut(_) | Self::NoContact => "Yes or a time means opted out",
            Self::OptIn(_) => "No means opted out, and a time is when they agreed",
            Self::Status => "A word such as unsubscribed means opted out",
            Self::Mark => "Yes means do not send",
            Self::Bounce => "A bounce isn't an opt-out",
        }
    }

    /// Reads a cell of the column.
    pub(crate) fn read(self, cell: &str) -> Says {
        let cell = cell.trim();
        match self {
            Self::OptOut(_) | Self::NoContact | Self::Mark => match refusal(cell) {
                // That somebody is not on a list of refusals is no answer of theirs.
                Says::Yes => Says::Nothing,
                says => says,
            },
            Self::OptIn(_) | Self::Status => answer(cell),
            Self::Bounce => match refusal(cell) {
                Says::Nothing | Says::Yes => Says::Nothing,
                Says::No | Says::NotAsked | Says::Bounced | Says::Unknown => Says::Bounced,
            },
        }
    }
}

/// Returns what a column with this name says; `None` where it is about something else.
pub(crate) fn column(name: &str) -> Option<ConsentColumn> {
    // No opt-out here stands for a refused text message or letter: it is neither a refused email nor a refused call.
    match other_channel(name) {
        Some(_) => None,
        None => on_any_channel(name),
    }
}

/// Returns what a column with this name says, whatever channel it is about.
pub(crate) fn on_any_channel(name: &str) -> Option<ConsentColumn> {
    // *Telefono email* has no *no* in it.
    let spelled = fold(name).replace("telefono", "telefon");
    let name = spelled.as_str();
    let about = |signs: &[&str]| signs.iter().any(|sign| name.contains(sign));
    if BOUNCES.contains(&name) {
        return Some(ConsentColumn::Bounce);
    }
    if about(ABOUT_ELSE) {
        return None;
    }
    if STATUSES.contains(&name) {
        return Some(ConsentColumn::Status);
    }
    if MARKS.contains(&name) {
        return Some(ConsentColumn::Mark);
    }
    let channel = channel(name);
    let is_dnc = name == "dnc" || name.starts_with("dnc") && channel.is_some();
    if about(NO_CONTACT) || is_dnc {
        return Some(match channel {
            Some(channel) => ConsentColumn::OptOut(channel),
            None => ConsentColumn::NoContact,
        });
    }
    if about(NO_CALLS) {
        return Some(ConsentColumn::OptOut(Channel::Phone));
    }
    if is_refusal(name) {
        return Some(ConsentColumn::OptOut(channel.unwrap_or(Channel::Email)));
    }
    let is_agreement = about(AGREEMENTS) && about(ABOUT_CONTACT) && !about(ABOUT_TERMS);
    let is_allowed = about(ALLOWED) && channel.is_some();
    let is_permission = about(PERMISSIONS)
        || OtherScripts::get().permissions.is_in(name)
        || is_agreement
        || is_allowed
        || PERMISSIONS_ALONE.contains(&name);
    let channel = channel.unwrap_or(Channel::Email);
    // *Do not send newsletter* is answered the other way round.
    is_permission.then(|| match about(NEGATED) {
        true => ConsentColumn::OptOut(channel),
        false => ConsentColumn::OptIn(channel),
    })
}

/// Returns what a column speaks of that no opt-out stands for, in the plural: text messages or letters. One that speaks of
/// emails as well is about them.
pub(crate) fn other_channel(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    let about = |signs: &[&str]| signs.iter().any(|sign| folded.contains(sign));
    if about(&["email", "newsletter", "nieuwsbrief", "nyhetsbrev"]) {
        None
    } else if about(MESSAGES) {
        Some("text messages")
    } else if is_by_letter(name, &folded)
        && !matches!(channel(&folded), Some(Channel::Phone | Channel::Fax))
    {
        Some("postal mail")
    } else {
        None
    }
}

/// Tells whether a name speaks of postal mail. *E-post* and *posta elettronica* are emails, and a *blog post* is no letter.
fn is_by_letter(name: &str, folded: &str) -> bool {
    let has = |text: &str, signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .map(fold)
        .collect();
    let is_electronic = has(folded, ELECTRONIC)
        || words.iter().any(|word| word.starts_with("epost"))
        || words
            .windows(2)
            .any(|two| two[0] == "e" && two[1].starts_with("post"));
    if is_electronic {
        return false;
    }
    let says_post = |word: &String| {
        let rest = word.strip_prefix("post").or(word.strip_suffix("post"));
        let answers = |rest: &str| {
            has(rest, AGREEING)
                || has(rest, ALLOWED)
                || is_refusal(rest)
                || has(rest, &["werb", "sperre", "mail", "versand"])
        };
        POST.contains(&word.as_str()) || rest.is_some_and(answers)
    };
    has(folded, LETTERS) || !words.iter().any(|word| word == "blog") && words.iter().any(says_post)
}

/// Tells whether a cell is an answer in words that are about nothing but consent, such as *unsubscribed*.
pub(crate) fn is_word_of_consent(cell: &str) -> bool {
    let folded = fold(cell);
    let has = |signs: &[&str]| signs.iter().any(|sign| folded.contains(sign));
    is_refusal(&folded) || has(NO_WORDS) || is_yes_sign(&folded) || is_not_asked(&folded)
}

/// Tells whether a cell is a clear yes or no, or a moment of one.
pub(crate) fn is_yes_or_no(cell: &str) -> bool {
    matches!(answer(cell.trim()), Says::Yes | Says::No)
}

/// Tells whether a column with this folded name says when something was, and not that somebody agreed to it: *Newsletter
/// date* may be when the last one went out.
pub(crate) fn is_date_of_something(name: &str) -> bool {
    let has = |signs: &[&str]| signs.iter().any(|sign| name.contains(sign));
    has(DATES) && !has(AGREEING)
}

/// Tells whether a folded name or cell is a refusal.
fn is_refusal(folded: &str) -> bool {
    REFUSALS.iter().any(|sign| folded.contains(sign))
        || REFUSALS_ALONE.contains(&folded)
        || OtherScripts::get().refusals.is_in(folded)
}

fn is_yes_sign(folded: &str) -> bool {
    YES_SIGNS.iter().any(|sign| folded.contains(sign)) || OtherScripts::get().yes.is_in(folded)
}

/// Tells whether a cell says that somebody is no subscriber, or only that they did not unsubscribe. *No, unsubscribed* is a
/// refusal.
fn is_not_asked(folded: &str) -> bool {
    let scripts = OtherScripts::get();
    let begins = |rest: &str, signs: &[&str]| signs.iter().any(|sign| rest.starts_with(sign));
    let is_negated = |negation: &&str| {
        let Some(rest) = folded.strip_prefix(*negation) else {
            return false;
        };
        let is_no = ALSO_NO.contains(negation);
        begins(rest, YES_SIGNS)
            || scripts.yes.begin(rest)
            || !is_no && (begins(rest, REFUSALS) || scripts.refusals.begin(rest))
    };
    NOT_ASKED.iter().any(|sign| folded.contains(sign)) || NEGATIONS.iter().any(is_negated)
}

/// Tells whether a cell is an answer, or a word that stands beside answers in a status column.
pub(crate) fn is_answer(cell: &str) -> bool {
    !matches!(answer(cell.trim()), Says::Unknown) || is_time(cell.trim())
}

/// Tells whether a cell is an answer, and neither a date nor a figure that may be of anything.
pub(crate) fn is_answer_in_words(cell: &str) -> bool {
    !is_time(cell.trim()) && !matches!(answer(cell.trim()), Says::Nothing | Says::Unknown)
}

/// Reads a word that says whether something is allowed.
fn answer(cell: &str) -> Says {
    let folded = fold(cell);
    let has = |signs: &[&str]| signs.iter().any(|sign| folded.contains(sign));
    if is_blank(cell) || PENDING.contains(&folded.as_str()) {
        Says::Nothing
    } else if has(BOUNCED_WORDS) {
        Says::Bounced
    } else if is_not_asked(&folded) {
        Says::NotAsked
    } else if is_refusal(&folded) || has(NO_WORDS) {
        Says::No
    } else if is_yes_sign(&folded) || YES_WORDS.contains(&folded.as_str()) {
        Says::Yes
    } else {
        match values::yes_no(cell).or_else(|| values::yes_no(&bluntly(cell))) {
            Some(true) => Says::Yes,
            Some(false) => Says::No,
            None if NO_CELLS.contains(&folded.as_str()) => Says::No,
            // When they agreed.
            None if is_time(cell) => Says::Yes,
            None => Says::Unknown,
        }
    }
}

/// Returns an answer without its politeness: *No, thanks* is *no*.
fn bluntly(cell: &str) -> String {
    let words = cell.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !POLITE.contains(&fold(word).as_str()))
        .collect()
}

/// Reads a cell of a column of refusals: yes and a time refuse, a no does not. *Unsubscribed* refuses all the same.
fn refusal(cell: &str) -> Says {
    let folded = fold(cell);
    if is_blank(cell) || values::is_zero(cell) || EMPTY_CELLS.contains(&folded.as_str()) {
        return Says::Nothing;
    }
    match values::yes_no(cell).or_else(|| values::yes_no(&bluntly(cell))) {
        Some(true) => Says::No,
        Some(false) => Says::Yes,
        None if is_time(cell) || REFUSED_CELLS.contains(&folded.as_str()) => Says::No,
        None => answer(cell),
    }
}

/// A dash is nothing, like an empty cell.
fn is_blank(cell: &str) -> bool {
    matches!(cell.trim(), "" | "-" | "–" | "—")
}

/// Tells whether a cell is a date, a time, or seconds since 1970.
pub(crate) fn is_time(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    !values::is_zero(cell) && digits >= 6 && letters <= 12 && digits * 2 >= letters
        || digits >= 3 && letters > 0 && letters <= 9 && cell.contains(' ')
}

fn channel(name: &str) -> Option<Channel> {
    let about = |signs: &[&str]| signs.iter().any(|sign| name.contains(sign));
    if about(&["fax", "faks"]) {
        Some(Channel::Fax)
    } else if about(&[
        "phone",
        "telefon",
        "call",
        "anruf",
        "appel",
        "llama",
        "chiam",
        "bellen",
        "dzwon",
        "puhelu",
        "volani",
        "telemarketing",
        "oppring",
        "uppring",
        "opring",
        "ringa",
    ]) || name.starts_with("ring")
    {
        Some(Channel::Phone)
    } else if about(&["mail", "newsletter", "courriel", "correo"]) {
        Some(Channel::Email)
    } else {
        None
    }
}

/// Signs of text messages.
const MESSAGES: &[&str] = &["sms", "whatsapp", "textmessage", "textnachricht"];

/// Signs of postal mail.
const LETTERS: &[&str] = &[
    "postal",
    "briefpost",
    "perbrief",
    "perpost",
    "postweg",
    "directmail",
    "snailmail",
    "papermail",
    "printmail",
    "courrier",
    "correoordinario",
    "postacartacea",
    "pocztatradycyjna",
    "listownie",
];

/// Words for postal mail.
const POST: &[&str] = &[
    "post", "brief", "briefe", "letter", "letters", "posta", "poczta", "posti",
];

/// Signs of emails in languages that call them a kind of post.
const ELECTRONIC: &[&str] = &[
    "electron",
    "elektron",
    "elettron",
    "eletron",
    "sahkopost",
    "courriel",
];

/// Columns that speak of consent without giving an answer.
const ABOUT_ELSE: &[&str] = &[
    "link",
    "url",
    "token",
    "reason",
    "grund",
    "motif",
    "motivo",
    "comment",
    "campaign",
    "source",
    "quelle",
    "optinip",
    "confirmip",
    "text",
    "wording",
    "version",
    "timezone",
    "unsubreason",
];

/// What only Leadferry is told.
const MARKS: &[&str] = &[
    "donotsend",
    "leadferrydonotsend",
    "donotsync",
    "nichtsenden",
];

/// Mailchimp, `CleverReach`, HubSpot, Brevo.
const BOUNCES: &[&str] = &[
    "cleantime",
    "bounced",
    "bounce",
    "bouncereason",
    "hardbouncereason",
    "emailhardbouncereason",
    "emailbouncedreason",
    "hardbounce",
    "hardbounced",
    "bouncedat",
    "isbounced",
    "emailbounced",
    "emailbounceddate",
];

const NO_CONTACT: &[&str] = &[
    "donotcontact",
    "dontcontact",
    "nocontact",
    "nichtkontaktieren",
    "keinkontakt",
    "nepascontacter",
    "nocontactar",
    "noncontattare",
    "naocontactar",
    "nietcontacteren",
    "niekontaktowac",
    "kontaktaej",
    "kontaktaikke",
    "kontaktejiikke",
    "alaotayhteytta",
    "nekontaktovat",
];

const NO_CALLS: &[&str] = &[
    "donotcall",
    "dontcall",
    "donotallowphone",
    "nichtanrufen",
    "keineanruf",
    "nepasappeler",
    "nollamar",
    "nonchiamare",
    "naoligar",
    "nietbellen",
    "niedzwonic",
    "ringinte",
    "ringikke",
    "alasoita",
    "nevolat",
];

/// Signs of a refusal, in names of columns and in cells.
const REFUSALS: &[&str] = &[
    "unsub",
    "optedout",
    "optout",
    "donotemail",
    "donotmail",
    "donotfax",
    "donotallowemail",
    "donotallowbulkemail",
    "donotallowfax",
    "nonewsletter",
    "nomarketing",
    "noemail",
    "dontemail",
    "dontmail",
    "consentwithdraw",
    "consentrevok",
    "excludefromemail",
    "excludefrommarketing",
    "excludefrommailing",
    "blacklist",
    "blocklist",
    // German
    "abgemeldet",
    "abmeldung",
    "abbestellt",
    "widerspr",
    "widerrufen",
    "ausgetragen",
    "werbesperre",
    "keinewerbung",
    "werbeverbot",
    "keinnewsletter",
    "keineemail",
    "keinemail",
    "keinfax",
    "keinefax",
    "abmeldedat",
    "abmeldezeit",
    "austragung",
    "robinsonlist",
    "mailverbot",
    "mailsperre",
    "nichtmailen",
    "nichtanschreiben",
    "emaildeaktivieren",
    // French, Spanish, Portuguese, Italian
    "desabonn",
    "desinscri",
    // *Fecha de suscripción* is when they subscribed, *fecha de desuscripción* when they left.
    "desuscrit",
    "desuscrib",
    "dedesuscri",
    "bajadesuscri",
    "cancelaciondesuscri",
    "cancelaciondelasuscri",
    "dadodebaja",
    "fechadebaja",
    "fechabaja",
    "cancelouinscri",
    "cancelousubscri",
    "cancelouassin",
    "bajanewsletter",
    "bajaboletin",
    "bajacorreo",
    "bajaemail",
    "pasdenewsletter",
    "pasdemail",
    "descadastr",
    "desinscrit",
    "disiscri",
    "cancellatodalla",
    // Dutch, Polish, Swedish, Danish, Norwegian, Finnish, Czech
    "uitgeschreven",
    "afgemeld",
    "wypisan",
    "avregistrer",
    "avprenumerer",
    "afmeldt",
    "avmeldt",
    "peruuttanut",
    "kieltanyt",
    "markkinointikielto",
    "mainoskielto",
    "geennieuwsbrief",
    "geenmail",
    "nietmailen",
    "uitschrijf",
    "afmeld",
    "frameld",
    "avmeld",
    "avanmal",
    "odhlasen",
    // Hungarian, Romanian, Turkish, Croatian, Slovenian, Estonian, Latvian, Lithuanian
    "leiratkoz",
    "dezabon",
    "abonelikten",
    "abonelikiptal",
    "aboneligiiptal",
    "odjavljen",
    "odjava",
    "tellimusestloobu",
    "atrakst",
    "atsisak",
];

/// Whole names and cells that are refusals.
const REFUSALS_ALONE: &[&str] = &[
    "baja",
    "dne",
    "deaktiviert",
    "deactivated",
    "emaildisabled",
    "desuscripcion",
    "rezygnacja",
];

/// Signs of a refusal in the name of a column that asks for a permission: *Newsletter nicht gewünscht*.
const NEGATED: &[&str] = &[
    "donot",
    "dontsend",
    "dontwant",
    "notwanted",
    "unwanted",
    "stop",
    "cancel",
    "exclude",
    "withdraw",
    "widerruf",
    "revoca",
    "retrait",
    "remove",
    "declin",
    "reject",
    "refus",
    "revoke",
    "suppress",
    "nicht",
    "kein",
    "unerwunscht",
    "gekundigt",
    "storniert",
    "gesperrt",
    "abbestell",
    "nepas",
    "paslanewsletter",
    "souhaitepas",
    "veuxpas",
    "noenvi",
    "noquier",
    "nodesea",
    "norecib",
    "rechaz",
    "noninvia",
    "nonvuole",
    "nonvoglio",
    "nondesidera",
    "rifiut",
    "naoenvi",
    "naoquer",
    "naodeseja",
    "naoreceb",
    "niet",
    "geen",
    "opgezegd",
    "niewysyla",
    "niechce",
    "niezgadza",
    "braknewslett",
    "skickainte",
    "inteskicka",
    "villinte",
    "intenyhets",
    "ingetnyhets",
    "ikkesend",
    "sendikke",
    "onskerikke",
    "ikkenyhe",
    "ingennyhe",
    "alalaheta",
    "eiuutiskirje",
    "eihalua",
    "perut",
    "peruut",
    "neposilat",
    "nechce",
    "nesouhlas",
    "nesuhlas",
    "nemker",
    "istemiyor",
    "gonderme",
];

/// Signs of a permission in names of columns.
const PERMISSIONS: &[&str] = &[
    "newsletter",
    "nieuwsbrief",
    "nyhetsbrev",
    "nyhedsbrev",
    "uutiskirje",
    "boletin",
    "boletim",
    "infolettre",
    "optin",
    "optedin",
    "marketingconsent",
    "acceptsmarketing",
    "acceptsemail",
    "marketingpermission",
    "emailpermission",
    "emailconsent",
    "gdprconsent",
    "consenttocontact",
    "permissiontocontact",
    "canwecontact",
    "maywecontact",
    "mayemail",
    "mayweemail",
    "canweemail",
    "allowemail",
    "emailallowed",
    "marketingallowed",
    "receiveemail",
    "receivemarketing",
    "receivenews",
    "agreetoreceive",
    "wouldliketoreceive",
    "maycall",
    "maywecall",
    "einwilligung",
    "werbeerlaubnis",
    "werbungerlaubt",
    "werbungerwunscht",
    "kontakterlaubt",
    "abonniert",
    "consentement",
    "consentimiento",
    "consentimento",
    "consensomarketing",
    "toestemming",
    "zgodamarketing",
    "zgodanamarketing",
    "samtycke",
    "samtykke",
    "suostumus",
    "souhlas",
    "suhlas",
    "hirlevel",
    "bulten",
    "buletininformativ",
    "privola",
];

/// Signs of a permission beside the name of a channel.
const ALLOWED: &[&str] = &[
    "erlaubt",
    "allowed",
    "autorise",
    "permitid",
    "consentit",
    "toegestaan",
    "dozwolon",
    "tillatet",
    "tilladt",
    "sallittu",
    "povolen",
];

/// How sentences of forms begin by which somebody agrees: *I agree that Tallow may email me*.
const AGREEMENTS: &[&str] = &[
    "iagree",
    "iconsent",
    "iaccept",
    "yesi",
    "ichstimme",
    "ichwillige",
    "ichbineinverstanden",
    "jaccepte",
    "jesouhaite",
    "acepto",
    "autorizo",
    "aceito",
    "acconsento",
    "autorizzo",
    "ikgatermee",
    "ikwil",
    "jagsamtycker",
    "jegsamtykker",
    "wyrazamzgode",
    "souhlasim",
];
/// What they agree to.
const ABOUT_CONTACT: &[&str] = &[
    "mail",
    "contact",
    "kontakt",
    "marketing",
    "newsletter",
    "werb",
    "offer",
    "angebot",
    "offre",
    "oferta",
    "call",
    "anruf",
    "telefon",
];
/// What everybody has to agree to is no permission to write.
const ABOUT_TERMS: &[&str] = &[
    "privacy",
    "datenschutz",
    "terms",
    "conditions",
    "agb",
    "policy",
];

const PERMISSIONS_ALONE: &[&str] = &[
    "werbung",
    "marketing",
    "marketingemails",
    "publicite",
    "publicidad",
    "pubblicita",
    "reklama",
    "subscribed",
    "issubscribed",
    "consent",
    "consenso",
    "zgoda",
    "abonne",
    "suscrito",
    "inscrito",
    "iscritto",
];

/// Words of a status that are a no.
const NO_WORDS: &[&str] = &[
    "refus",
    "declin",
    "revoked",
    "withdrawn",
    "withdrew",
    "abgelehnt",
    "complain",
    "spam",
    "suppressed",
    "donotcontact",
    "rechaz",
    "rifiut",
    "geweigerd",
    "odmow",
    "nekad",
    "notinterested",
    "nointerest",
    "noconsent",
    "keininteresse",
    "keinezustimmung",
    "keineeinwilligung",
    "nichteinverstanden",
    "pasdaccord",
    "pasinteresse",
    "sininteres",
];

/// Signs of a yes in a cell; looked for after those of a no.
const YES_SIGNS: &[&str] = &[
    "eingetragen",
    "subscribed",
    "optin",
    "optedin",
    "abonniert",
    "abonne",
    "suscrit",
    "iscritt",
    "inscrit",
    "geabonneerd",
    "ingeschreven",
    "zapisan",
    "prenumerer",
    "abonner",
    "tilaaja",
    "prihlasen",
];

/// HubSpot's words for whom its emails are paid for, which is no answer of theirs.
const NOT_ASKED: &[&str] = &["marketingcontact", "nonmarketing"];
/// What makes a sign of a yes say that somebody is no subscriber.
const NEGATIONS: &[&str] = &[
    "not", "non", "never", "nicht", "nie", "niet", "pas", "no", "nao", "inte", "ikke", "ej", "ei",
    "ne", "не",
];

/// Those that are also an answer of their own.
const ALSO_NO: &[&str] = &["no", "non", "nao", "nie", "ei", "ej", "ne", "не"];

/// Columns of words about email, folded. HubSpot and everyday names.
const STATUSES: &[&str] = &[
    "marketingcontactstatus",
    "subscriptionstatus",
    "emailsubscriptionstatus",
    "subscriberstatus",
    "optinstatus",
    "abonnementstatus",
    "newsletterstatus",
    "statusnewsletter",
    "estadodesuscripcion",
    "estadosuscripcion",
    "estadodelasuscripcion",
    "statutabonnement",
    "statoiscrizione",
];

/// Signs of a date in names of columns.
const DATES: &[&str] = &[
    "date",
    "datum",
    "fecha",
    "data",
    "dato",
    "paiva",
    "zeit",
    "time",
    "timestamp",
];
/// Signs of an agreement in names of columns.
const AGREEING: &[&str] = &[
    "optin",
    "optedin",
    "consent",
    "consens",
    "permission",
    "accept",
    "agree",
    "subscri",
    "signup",
    "anmeld",
    "einwillig",
    "erlaub",
    "abonn",
    "toestemming",
    "zgod",
    "samtyck",
    "samtykk",
    "suostumus",
    "souhlas",
    "confirm",
    "suscri",
    "inscri",
    "iscri",
];

/// Words that are a yes in a status column.
const YES_WORDS: &[&str] = &[
    "active",
    "aktiv",
    "actif",
    "activo",
    "attivo",
    "ativo",
    "actief",
    "aktywny",
    "confirmed",
    "bestatigt",
    "angemeldet",
    "granted",
    "given",
    "consented",
    "accepted",
    "enabled",
    "allowed",
    "allow",
    "erteilt",
    "subscriber",
    "agreed",
    "agree",
    "iagree",
    "einverstanden",
    "zugestimmt",
    "aangemeld",
    "tilmeldt",
    "pameldt",
    "anmald",
    "feliratkozott",
    "abonat",
    // Mautic
    "contactable",
];

/// Words around a yes or no, folded.
const POLITE: &[&str] = &[
    "please", "thanks", "thank", "you", "bitte", "gerne", "danke", "merci", "svp", "gracias",
    "favor", "por", "grazie", "per", "favore", "obrigado", "obrigada", "graag", "dank", "bedankt",
    "dziekuje", "prosze", "tack", "tak", "takk", "kiitos", "dekuji", "prosim",
];

/// Cells of a column of refusals that say why nothing may be sent. Mautic.
const REFUSED_CELLS: &[&str] = &["manual", "manually"];

/// Signs in names and cells of languages with other scripts, folded as these are.
#[derive(Debug)]
struct OtherScripts {
    refusals: Signs,
    permissions: Signs,
    yes: Signs,
}

impl OtherScripts {
    /// Returns the signs, folded once.
    fn get() -> &'static Self {
        static FOLDED: OnceLock<OtherScripts> = OnceLock::new();
        FOLDED.get_or_init(|| Self {
            refusals: Signs::of(
                "отпис неотправлять неприсылать відпис невідправляти απεγγραφ διαγραφηαπο \
                 配信停止 購読解除 配信不要 受信拒否 送信除外 配信解除 オプトアウト \
                 退订 退訂 取消订阅 取消訂閱 拒收 수신거부 구독취소 구독해지",
            ),
            permissions: Signs::of(
                "рассылк подписк розсилк підписк ενημερωτικοδελτ \
                 メルマガ メールマガジン 配信希望 订阅 訂閱 뉴스레터 수신동의",
            ),
            yes: Signs::of("подписан подписал підписан 購読中 配信中 已订阅 已訂閱 구독중"),
        })
    }
}

#[derive(Debug)]
struct Signs(Vec<String>);

impl Signs {
    fn of(words: &str) -> Self {
        Self(words.split_whitespace().map(fold).collect())
    }

    /// Tells whether a folded text begins with one of them.
    fn begin(&self, folded: &str) -> bool {
        !folded.is_ascii() && self.0.iter().any(|sign| folded.starts_with(sign))
    }

    /// Tells whether a folded text has one of them. Most cells are plain letters and need no look.
    fn is_in(&self, folded: &str) -> bool {
        !folded.is_ascii() && self.0.iter().any(|sign| folded.contains(sign))
    }
}

/// Asked, and not answered yet.
const PENDING: &[&str] = &[
    "pending",
    "unconfirmed",
    "unbestatigt",
    "ausstehend",
    "offen",
    "enattente",
    "pendiente",
    "notset",
    "unknown",
    "none",
    "null",
    "na",
    "nil",
    "transactional",
];

const BOUNCED_WORDS: &[&str] = &[
    "bounce",
    "cleaned",
    "undeliverable",
    "unreachable",
    "invalid",
];

/// Cells of a column of refusals that say nothing.
const EMPTY_CELLS: &[&str] = &["none", "null", "na", "nil", "never", "00"];

/// More words for *no*.
const NO_CELLS: &[&str] = &[
    "falsk",
    "nu",
    "never",
    "denied",
    "disabled",
    "notallowed",
    "donotallow",
];

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Email, Fax, Phone};
    use ConsentColumn::{Bounce, Mark, NoContact, OptIn, OptOut};

    #[test]
    fn names_of_columns_say_whether_and_on_which_channel() {
        let cases = [
            ("Unsubscribed", Some(OptOut(Email))),
            ("HasOptedOutOfEmail", Some(OptOut(Email))),
            ("Email Opt Out", Some(OptOut(Email))),
            ("Opt-out", Some(OptOut(Email))),
            ("Unsubscribed from all email", Some(OptOut(Email))),
            (
                "Opted out of email: Marketing Information",
                Some(OptOut(Email)),
            ),
            ("UNSUB_TIME", Some(OptOut(Email))),
            ("EMAIL_BLACKLIST", Some(OptOut(Email))),
            ("Blocklisted", Some(OptOut(Email))),
            ("Abgemeldet", Some(OptOut(Email))),
            ("Désabonné", Some(OptOut(Email))),
            ("Désinscrit", Some(OptOut(Email))),
            ("Uitgeschreven", Some(OptOut(Email))),
            ("Deaktiviert", Some(OptOut(Email))),
            ("HasOptedOutOfFax", Some(OptOut(Fax))),
            ("Fax Opt Out", Some(OptOut(Fax))),
            ("DoNotCall", Some(OptOut(Phone))),
            ("Do Not Call", Some(OptOut(Phone))),
            ("Nicht anrufen", Some(OptOut(Phone))),
            ("Do not contact", Some(NoContact)),
            ("DNC", Some(NoContact)),
            ("DNC Email", Some(OptOut(Email))),
            ("do_not_send", Some(Mark)),
            ("Do not sync", Some(Mark)),
            ("CLEAN_TIME", Some(Bounce)),
            ("Marketing contact status", Some(ConsentColumn::Status)),
            ("Subscription status", Some(ConsentColumn::Status)),
            ("Newsletter", Some(OptIn(Email))),
            ("Accepts Email Marketing", Some(OptIn(Email))),
            ("Email Opt In", Some(OptIn(Email))),
            ("Einwilligung Telefon", Some(OptIn(Phone))),
            ("Nieuwsbrief", Some(OptIn(Email))),
            ("Werbung erlaubt", Some(OptIn(Email))),
            ("May we email you?", Some(OptIn(Email))),
            ("I agree to receive emails", Some(OptIn(Email))),
            (
                "I agree that Tallow may contact me by email [Yes]",
                Some(OptIn(Email)),
            ),
            ("I agree to the privacy policy (contact form)", None),
            ("Do not allow Emails", Some(OptOut(Email))),
            ("Do not allow Bulk Emails", Some(OptOut(Email))),
            ("Do not allow Phone Calls", Some(OptOut(Phone))),
            ("Markkinointikielto", Some(OptOut(Email))),
            ("Cancelou subscrição", Some(OptOut(Email))),
            ("Baja newsletter", Some(OptOut(Email))),
            ("Kein Newsletter", Some(OptOut(Email))),
            ("E-Mail-Abmeldung", Some(OptOut(Email))),
            ("GDPR consent", Some(OptIn(Email))),
            ("Can we contact you?", Some(OptIn(Email))),
            ("Werbung", Some(OptIn(Email))),
            ("Anrufen erlaubt", Some(OptIn(Phone))),
            ("Post erlaubt", None),
            ("Unsubscribe link", None),
            ("Fecha de desuscripción", Some(OptOut(Email))),
            ("Fecha de suscripción", None),
            ("Estado de suscripción", Some(ConsentColumn::Status)),
            ("Telefono email", None),
            ("Consent withdrawn at", Some(OptOut(Email))),
            ("Exclusive newsletter", Some(OptIn(Email))),
            ("メルマガ", Some(OptIn(Email))),
            ("配信停止", Some(OptOut(Email))),
            ("Дата отписки", Some(OptOut(Email))),
            ("수신거부", Some(OptOut(Email))),
            ("Consenso marketing telefono", Some(OptIn(Phone))),
            ("Consenso telefono marketing", None),
            ("Newsletter nicht gewünscht", Some(OptOut(Email))),
            ("Do not send newsletter", Some(OptOut(Email))),
            (
                "Ne souhaite pas recevoir la newsletter",
                Some(OptOut(Email)),
            ),
            ("No enviar boletín", Some(OptOut(Email))),
            ("Nie wysyłać newslettera", Some(OptOut(Email))),
            ("Ei uutiskirjettä", Some(OptOut(Email))),
            ("Samtykke til markedsføring", Some(OptIn(Email))),
            ("Avregistrering", Some(OptOut(Email))),
            ("Newsletter Nachrichten", Some(OptIn(Email))),
            ("Email hard bounce reason", Some(Bounce)),
            ("EmailBouncedReason", Some(Bounce)),
            ("UNSUB_REASON", None),
            ("UNSUB_CAMPAIGN_ID", None),
            ("OPTIN_IP", None),
            ("SMS_BLACKLIST", None),
            ("Email", None),
            ("Contact", None),
            ("Status", None),
            ("Phone Number", None),
            ("Engineering", None),
        ];
        for (name, expected) in cases {
            assert_eq!(column(name), expected, "{name}");
        }
    }

    #[test]
    fn consent_to_letters_and_text_messages_is_none_to_emails() {
        for name in [
            "Post",
            "Briefpost",
            "Post Opt-in",
            "Opt-out Post",
            "PostOptIn",
            "Einwilligung Post",
            "Einwilligung Briefpost",
            "Werbung per Post",
            "Postwerbung erlaubt",
            "Postal mail",
            "Postal mail opt-in",
            "Consent to postal mail",
            "Do not contact by post",
            "Direct Mail Opt Out",
            "Courrier",
            "Consentement courrier",
            "Désabonné courrier postal",
            "Consenso posta",
            "Correo postal",
            "Zgoda poczta tradycyjna",
            "Samtykke post",
            "Letters opt-out",
        ] {
            assert_eq!(other_channel(name), Some("postal mail"), "{name}");
            assert_eq!(column(name), None, "{name}");
        }
        for name in [
            "SMS opt-in",
            "SMS consent",
            "Do not contact by SMS",
            "SMS Marketing Status",
            "WhatsApp opt-in",
            "Text message opt-out",
        ] {
            assert_eq!(other_channel(name), Some("text messages"), "{name}");
            assert_eq!(column(name), None, "{name}");
        }
        for name in ["SMS opt-out", "Postal mail opt-out"] {
            assert!(matches!(on_any_channel(name), Some(OptOut(_))), "{name}");
        }
        for (name, expected) in [
            ("E-post samtycke", OptIn(Email)),
            ("E-Posta abonelikten çıktı", OptOut(Email)),
            ("Consenso marketing posta elettronica", OptIn(Email)),
            ("Newsletter per Post", OptIn(Email)),
            ("Email/SMS opt-out", OptOut(Email)),
            ("Opt-out email and postal mail", OptOut(Email)),
            ("Telefon und Post opt-out", OptOut(Phone)),
            ("Opt-in position", OptIn(Email)),
        ] {
            assert_eq!(column(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_column_of_refusals_refuses_by_yes_or_by_a_time() {
        for cell in [
            "Yes",
            "1",
            "TRUE",
            "x",
            "ja",
            "sim",
            "2024-05-01",
            "2023-06-01 08:00:00",
            "31.01.2024",
            "1685606400",
            "unsubscribed",
            "✓",
            "5/1/24 3:00 PM",
            "May 1, 2024",
            "Do Not Allow",
        ] {
            assert_eq!(OptOut(Email).read(cell), Says::No, "{cell}");
        }
        for cell in [
            "",
            " ",
            "No",
            "0",
            "false",
            "-",
            "nein",
            "nee",
            "nej",
            "não",
            "nie",
            "subscribed",
            "0000-00-00 00:00:00",
            "never",
            "null",
            "Allow",
        ] {
            assert_eq!(OptOut(Email).read(cell), Says::Nothing, "{cell}");
        }
        for cell in ["perhaps", "see notes", "17"] {
            assert_eq!(OptOut(Email).read(cell), Says::Unknown, "{cell}");
        }
    }

    #[test]
    fn words_of_a_status_are_an_answer_or_none() {
        let cases = [
            ("UNSUBSCRIBED", Says::No),
            ("NEVER_SUBSCRIBED", Says::NotAsked),
            ("Non-marketing contact", Says::NotAsked),
            ("Marketing contact", Says::NotAsked),
            ("Non-Subscribed", Says::NotAsked),
            ("nicht abonniert", Says::NotAsked),
            ("nicht abgemeldet", Says::NotAsked),
            ("Not unsubscribed", Says::NotAsked),
            ("No, unsubscribed", Says::No),
            ("No, do not email me", Says::No),
            ("Не подписан", Says::NotAsked),
            ("Подписан", Says::Yes),
            ("Отписался", Says::No),
            ("No, thanks", Says::No),
            ("Nein danke", Says::No),
            ("Ja, bitte", Says::Yes),
            ("Nej tak", Says::No),
            ("tak", Says::Yes),
            ("Kein Interesse", Says::No),
            ("opted-out", Says::No),
            ("abgemeldet", Says::No),
            ("Complained", Says::No),
            ("SUBSCRIBED", Says::Yes),
            ("Confirmed opt-in", Says::Yes),
            ("active", Says::Yes),
            ("pending", Says::Nothing),
            ("", Says::Nothing),
            ("Cleaned", Says::Bounced),
            ("hard bounce", Says::Bounced),
            ("unreachable", Says::Bounced),
            ("Working", Says::Unknown),
        ];
        for (cell, expected) in cases {
            assert_eq!(ConsentColumn::Status.read(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_column_of_permissions_refuses_by_no() {
        for (cell, expected) in [
            ("nein", Says::No),
            ("No", Says::No),
            ("0", Says::No),
            ("ja", Says::Yes),
            ("2024-05-01", Says::Yes),
            ("", Says::Nothing),
            ("Monthly digest", Says::Unknown),
        ] {
            assert_eq!(OptIn(Email).read(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_date_of_a_newsletter_is_no_date_of_an_agreement() {
        for (name, expected) in [
            ("Newsletter date", true),
            ("Newsletter-Datum", true),
            ("Newsletter", false),
            ("Newsletter opt-in date", false),
            ("Newsletter-Anmeldedatum", false),
            ("OPTIN_TIME", false),
        ] {
            assert_eq!(is_date_of_something(&fold(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_bounce_is_no_answer() {
        assert_eq!(Bounce.read("2024-05-01 08:00:00"), Says::Bounced);
        assert_eq!(Bounce.read("1"), Says::Bounced);
        assert_eq!(Bounce.read("0"), Says::Nothing);
        assert_eq!(Bounce.read(""), Says::Nothing);
    }
}
