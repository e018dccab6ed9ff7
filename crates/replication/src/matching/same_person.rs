//! Judges by name and mailbox whether a record with a contact's email can be that contact. Plain functions.
//!
//! An email alone doesn't say who someone is: couples share one, colleagues take one over, `info@` is everybody's.

use std::collections::HashMap;
use std::sync::OnceLock;

use leadferry_store::fold;

/// Names that stand for no name.
const NO_NAMES: &str = "na none noname notprovided null unbekannt unknown";

/// Parts of a name that don't tell people apart.
const TITLES: &str =
    "dipl dott dr drs frau herr ing ir jr mag miss mme mr mrs ms phd prof sig sr sra";

/// Names with their usual short forms.
const SHORT_FORMS: &[&str] = &[
    "alexander alejandro alex sandy sascha sasha xander",
    "alexandra alex sandra sasha",
    "andreas andi andy",
    "andrew andy drew",
    "anthony antonio anton toni tony",
    "benjamin ben benny",
    "catherine katherine kathryn katharina katarina kate kathi kathy katie katja katrin kit",
    "charles charlie chuck",
    "christian chris",
    "christina christine chris chrissy kristina tina",
    "christopher christoph chris kit",
    "cornelia conny nelly",
    "daniel dan danny",
    "david dave davey",
    "deborah debbie",
    "dorothy dorothea dora doro dot dottie",
    "edward eddie ed ned ted teddy",
    "elizabeth elisabeth bess beth betsy betty elisa eliza lisa lisbeth liz sisi",
    "florian flo",
    "francisco francesco franciscus frank paco pancho",
    "frederick friedrich fred freddy fritz",
    "gabriele gabriela gabi gaby",
    "geoffrey jeffrey geoff jeff",
    "gerald gerry jerry",
    "giuseppe beppe pino",
    "gregory greg",
    "heinrich heiner heinz",
    "helena helene lena leni",
    "henry hank harry",
    "ignacio nacho",
    "james jamie jim jimmy",
    "johannes hannes hans johann",
    "john jack jon jonny johnny",
    "jonathan jon jonny",
    "jose pepe",
    "joseph josef joe joey jupp sepp",
    "joshua josh",
    "kenneth ken kenny",
    "lawrence larry",
    "magdalena lena leni magda",
    "margaret margarete greta grete maggie meg peggy",
    "martina tina",
    "mary mamie molly polly",
    "matthew matt matty",
    "matthias mathias hias matze",
    "maximilian max",
    "michael michel mick mickey mike michi",
    "monika moni",
    "nicholas nikolaus nicolas claus klaus nick nico niklas",
    "patricia patty tricia trish",
    "patrick pat paddy",
    "peter pete",
    "philip philipp phil",
    "rebecca becca becky",
    "richard dick rich rick ricky",
    "robert bert bob bobby rob robbie",
    "ronald ron ronnie",
    "samuel sam sammy",
    "samantha sam",
    "sarah sadie sally",
    "sebastian basti bastian seb",
    "stephanie stefanie steffi",
    "stephen steven stefan steve",
    "susan susanne sue susi susie suzy",
    "theodore theodor ted teddy theo",
    "thomas tom tommy",
    "timothy tim",
    "tobias tobi",
    "ulrich uli ulli",
    "ulrike uli ulli",
    "victoria tori vicky vicki",
    "wilhelm willi willy",
    "william bill billy liam will willy",
    "wolfgang wolf wolfi",
];

/// What mailboxes of several people are called, in the languages we read.
const SHARED: &str = "abuse account accounting accounts admin administracion administration administrator all anfrage bestellung \
    bewerbung billing biuro booking bookings buchhaltung buero buro careers client clients comercial commercial \
    compras contact contacto contacts contactus contato contatto customerservice datenschutz dispatch donotreply \
    einkauf empfang enquiries enquiry everyone facturacion feedback finance firma frontdesk general hallo hello help \
    helpdesk hola hr info infos information inquiries inquiry invoice invoices it jobs kanzlei kontakt kundenservice \
    kundendienst legal mail mailbox marketing media moin newsletter noreply office oficina order orders ordini \
    personal post postmaster praxis presse press privacy procurement purchasing rechnung recepcion reception \
    recruiting reservations reservierung rezeption sales secretariat secretary segreteria sekretariat sekretariatet \
    service services shop staff store studio support team tech technik ufficio vendas vendite ventas verkauf verkoop \
    versand vertrieb verwaltung webmaster welcome zentrale";

/// Returns which lists of short forms have a first name, by their numbers; the name is in small letters without accents.
pub fn short_forms(first: &str) -> &'static [u8] {
    static INDEX: OnceLock<HashMap<&str, Vec<u8>>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let mut index: HashMap<&str, Vec<u8>> = HashMap::new();
        for (number, forms) in (0..).zip(SHORT_FORMS) {
            for form in forms.split(' ') {
                index.entry(form).or_default().push(number);
            }
        }
        index
    });
    index.get(first).map_or(&[], Vec::as_slice)
}

/// Tells whether an email belongs to several people by its looks, such as `info@` or `sales.emea@`.
pub(crate) fn is_shared_mailbox(email: &str) -> bool {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let local = local.to_ascii_lowercase().replace("no-reply", "noreply");
    let first = local
        .split(|letter: char| !letter.is_alphabetic())
        .next()
        .unwrap_or_default();
    is_among(SHARED, first)
}

/// Tells whether two names can be one person's.
///
/// Case, accents, titles and the order don't matter. Initials, short forms and missing parts fit: everything that the
/// shorter name says has to stand in the longer one, and one part of it in full.
pub(crate) fn can_be_one(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    let (few, many) = if one.len() <= other.len() {
        (&one, &other)
    } else {
        (&other, &one)
    };
    if stands_for_nobody(few) || stands_for_nobody(many) || is_the_same_joined(many, few) {
        return true;
    }
    let mut left: Vec<&String> = many.iter().collect();
    let mut rest: Vec<&String> = Vec::new();
    for part in few {
        match left.iter().position(|other| is_same(part, other)) {
            Some(at) => drop(left.swap_remove(at)),
            None => rest.push(part),
        }
    }
    let in_full = few.len() - rest.len();
    let all_fit = rest.iter().all(|part| {
        let at = left.iter().position(|other| is_short_for(part, other));
        at.map(|at| left.swap_remove(at)).is_some()
    });
    all_fit && in_full > 0
}

/// Tells whether a list of words has this one.
fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Splits a name into what is compared.
fn parts(name: &str) -> Vec<String> {
    let folded: String = fold(name)
        .chars()
        .filter(|letter| !matches!(letter, '\'' | '’' | '`' | '.'))
        .map(|letter| match letter {
            'ø' => 'o',
            'ł' => 'l',
            'đ' | 'ð' => 'd',
            'ı' => 'i',
            other => other,
        })
        .collect();
    let folded = folded.replace('ß', "ss").replace('æ', "ae");
    folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty() && !is_among(TITLES, part))
        .map(str::to_owned)
        .collect()
}

fn stands_for_nobody(parts: &[String]) -> bool {
    is_among(NO_NAMES, &parts.concat()) || parts.is_empty()
}

/// Not all languages part names by spaces, and not everyone writes `de Luca` in two words.
fn is_the_same_joined(one: &[String], other: &[String]) -> bool {
    let other = other.concat();
    (0..one.len()).any(|at| [&one[at..], &one[..at]].concat().concat() == other)
}

/// Tells whether two parts are one: Müller is also spelled Mueller and Muller.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |part: &str| {
        let part = part.replace("ae", "a").replace("oe", "o");
        part.replace("ue", "u")
    };
    one == other || plain(one) == plain(other)
}

/// Tells whether one part of a name is an initial, the beginning or a known short form of another.
fn is_short_for(one: &str, other: &str) -> bool {
    one.starts_with(other)
        || other.starts_with(one)
        || short_forms(one)
            .iter()
            .any(|form| short_forms(other).contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_one_persons() {
        for (one, other) in [
            ("Robert Anderson", "ROBERT ANDERSON"),
            ("Róbert Anderson", "Robert Andérson"),
            ("Anderson, Robert", "Robert Anderson"),
            ("R. Anderson", "Robert Anderson"),
            ("R Anderson", "Robert J. Anderson"),
            ("Robert James Anderson", "Robert J Anderson"),
            ("Rob Anderson", "Robert Anderson"),
            ("Bob Anderson", "Robert Anderson"),
            ("Liz Taylor", "Elizabeth Taylor"),
            ("Anderson", "Robert Anderson"),
            ("", "Robert Anderson"),
            ("Robert Anderson", "Unknown"),
            ("Robert Anderson", "[not provided]"),
            ("Dr. Robert Anderson", "Robert Anderson PhD"),
            ("Jürgen Müller", "Juergen Mueller"),
            ("Jürgen Müller", "Jurgen Muller"),
            ("Søren Ærø", "Soren Aero"),
            ("Łukasz Wójcik", "Lukasz Wojcik"),
            ("Weiß", "WEISS"),
            ("Anna Müller-Schmidt", "Anna Müller"),
            ("Siobhán O’Brien", "Siobhan OBrien"),
            ("Maria De Luca", "Maria Deluca"),
            ("Ursula von der Leyen", "Ursula Leyen"),
            ("山田 太郎", "山田太郎"),
            ("太郎 山田", "山田太郎"),
        ] {
            assert!(can_be_one(one, other), "{one} and {other}");
            assert!(can_be_one(other, one), "{other} and {one}");
        }
    }

    #[test]
    fn names_of_two_people() {
        for (one, other) in [
            ("Otto Clerk", "Robert Anderson"),
            ("Rita Anderson", "Robert Anderson"),
            ("Robert Anderson", "Robert Miller"),
            ("R. Miller", "Robert Anderson"),
            ("A. R.", "Robert Anderson"),
            ("Max Müller", "Maria Müller"),
            ("Bill Anderson", "Robert Anderson"),
            ("山田 花子", "山田太郎"),
        ] {
            assert!(!can_be_one(one, other), "{one} and {other}");
            assert!(!can_be_one(other, one), "{other} and {one}");
        }
    }

    #[test]
    fn mailboxes_of_several_people_are_known_by_their_names() {
        for email in [
            "info@acme.example",
            "INFO@acme.example",
            "sales.emea@acme.example",
            "office2@acme.example",
            "no-reply@acme.example",
            "kontakt+web@acme.example",
        ] {
            assert!(is_shared_mailbox(email), "{email}");
        }
        for email in [
            "ada@acme.example",
            "infante@acme.example",
            "robert.sales@acme.example",
            "a.info@acme.example",
        ] {
            assert!(!is_shared_mailbox(email), "{email}");
        }
    }
}
