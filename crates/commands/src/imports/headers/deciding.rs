//! What a name leaves open, decided by the cells below it and by the other columns.

use leadferry_store::{Channel, ContactField, FieldKind, Purpose, PurposeId};

use super::{Matched, Target, field_of};
use crate::imports::answers::Detail;
use crate::imports::columns::Sample;
use crate::imports::consent::{self, ConsentColumn};
use crate::imports::fold::fold;
use crate::imports::header_names::{BUYER, Means, STAND_IN, meaning};
use crate::imports::record_ids::is_record_id;
use crate::imports::{Sureness, emails, names, places, values};

/// Decides what the names of the columns leave open.
pub(super) fn decide(columns: &mut [Matched], sample: &Sample) {
    decide_permissions(columns, sample);
    drop_answers(columns, sample);
    drop_hosts(columns);
    drop_order_numbers(columns, sample);
    read_short_names(columns, sample);
    read_questions(columns, sample);
    find_emails(columns, sample);
    drop_stand_ins(columns);
    decide_titles(columns, sample);
    decide_names(columns, sample);
    decide_companies(columns, sample);
    decide_company_addresses(columns, sample);
    decide_regions(columns, sample);
    decide_states(columns, sample);
    read_statuses(columns, sample);
    unite_addresses(columns);
    decide_house_numbers(columns, sample);
    drop_lone_house_numbers(columns);
    decide_birthdays(columns);
}

fn drop(column: &mut Matched) {
    (column.target, column.sure) = (Target::Nowhere, Sureness::Unmatched);
}

/// Tells whether most filled cells of a column are of some kind; a column without filled cells is of none.
fn mostly(sample: &Sample, at: usize, is: impl Fn(&str) -> bool) -> bool {
    let (mut all, mut fit) = (0, 0);
    for cell in filled(sample, at) {
        all += 1;
        fit += usize::from(is(cell));
    }
    2 * fit > all
}

fn is_email(cell: &str) -> bool {
    emails::addresses(cell).is_some_and(|found| !found.is_empty())
}

fn is_phone(target: &Target) -> bool {
    use ContactField::{BusinessPhone, Fax, HomePhone, MobilePhone};
    matches!(
        target,
        Target::Field(BusinessPhone | MobilePhone | HomePhone | Fax, _)
    )
}

/// A column is about a purpose where it has its name and cells answer. That comes before what the name means to everybody
/// else, such as *Status*; in an export of ours the heading of a field is that field.
pub(super) fn find_answers(
    columns: &mut [Matched],
    purposes: &[Purpose],
    sample: &Sample,
    exported: bool,
) {
    for (at, column) in columns.iter_mut().enumerate() {
        let answers = match &column.target {
            Target::Nowhere
            | Target::Means(Means::Consent(ConsentColumn::OptIn(_) | ConsentColumn::Status)) => {
                answers_stand_in(sample, at)
            }
            // A yes there is a no, whatever the purpose is called.
            Target::Means(Means::Consent(_)) | Target::Field(ContactField::Custom(_), _) => false,
            _ => !exported && mostly(sample, at, consent::is_answer_in_words),
        };
        if column.sure == Sureness::Told || !answers {
            continue;
        }
        if let Some(purpose) = purpose_of(&column.name, purposes) {
            (column.target, column.sure) = (Target::Answer(purpose), Sureness::Likely);
        }
    }
}

/// Other words may stand between the answers: they are told. Nothing at all in the first rows says nothing of later ones.
fn answers_stand_in(sample: &Sample, at: usize) -> bool {
    filled(sample, at).next().is_none()
        || mostly(sample, at, consent::is_answer)
        || filled(sample, at).any(consent::is_yes_or_no)
}

/// What says when and how people answered counts beside a column of answers, about a purpose or about email.
pub(super) fn find_details(columns: &mut [Matched], sample: &Sample) {
    let answers = |column: &Matched| match column.target {
        Target::Answer(_) => true,
        Target::Means(Means::Consent(consent)) => consent.channels().contains(&Channel::Email),
        _ => false,
    };
    let is_purpose = |column: &Matched| matches!(column.target, Target::Answer(_));
    let has_purposes = columns.iter().any(is_purpose);
    for detail in Detail::ALL.map(|(detail, ..)| detail) {
        if columns
            .iter()
            .any(|column| column.target == Target::Detail(detail))
        {
            continue;
        }
        let is_moment = matches!(detail, Detail::Moment | Detail::Asked);
        let holds_it = |at| {
            let mut cells = filled(sample, at).peekable();
            !is_moment || cells.peek().is_none() || cells.any(consent::is_time)
        };
        let is_it = |(at, column): (usize, &Matched)| {
            column.sure != Sureness::Told
                && !is_purpose(column)
                && Detail::of_column(&fold(&column.name)) == Some(detail)
                && holds_it(at)
        };
        let Some(at) = columns.iter().enumerate().position(is_it) else {
            continue;
        };
        let is_other = |(other, column): (usize, &Matched)| other != at && answers(column);
        // The wording is one of a purpose.
        let fits = match detail {
            Detail::Wording => has_purposes,
            _ => columns.iter().enumerate().any(is_other),
        };
        if fits {
            let column = &mut columns[at];
            (column.target, column.sure) = (Target::Detail(detail), Sureness::Likely);
        }
    }
}

/// Returns the one purpose that a column names, by its path or the last name of it.
fn purpose_of(column: &str, purposes: &[Purpose]) -> Option<PurposeId> {
    let name = fold(column);
    let is_path = |purpose: &&Purpose| fold(&purpose.path) == name;
    if let Some(purpose) = purposes.iter().find(is_path) {
        return Some(purpose.id);
    }
    let last = |purpose: &&Purpose| {
        let last = purpose.path.rsplit('>').next().unwrap_or_default();
        !name.is_empty() && fold(last) == name
    };
    let mut named = purposes.iter().filter(last);
    match (named.next(), named.next()) {
        (Some(purpose), None) => Some(purpose.id),
        _ => None,
    }
}

/// *Newsletter* asks for consent where cells answer; else it names something, and *Newsletter date* is a date of something.
fn decide_permissions(columns: &mut [Matched], sample: &Sample) {
    for (at, column) in columns.iter_mut().enumerate() {
        let is_permission = matches!(
            column.target,
            Target::Means(Means::Consent(ConsentColumn::OptIn(_)))
        );
        let is_date = || {
            let is_time = |cell: &str| consent::is_time(cell.trim());
            consent::is_date_of_something(&fold(&column.name)) && mostly(sample, at, is_time)
        };
        if is_permission
            && column.sure != Sureness::Told
            && (!answers_stand_in(sample, at) || is_date())
        {
            drop(column);
        }
    }
}

/// A status whose words are about nothing but consent is an answer, and no status.
fn read_statuses(columns: &mut [Matched], sample: &Sample) {
    let status = Target::Field(ContactField::Status, FieldKind::Text);
    for (at, column) in columns.iter_mut().enumerate() {
        let is_consent = column.target == status
            && column.sure != Sureness::Told
            && mostly(sample, at, consent::is_answer)
            && filled(sample, at).any(consent::is_word_of_consent);
        if is_consent {
            column.target = Target::Means(Means::Consent(ConsentColumn::Status));
            column.sure = Sureness::Likely;
        }
    }
}

/// *SMS* and *Email* are questions about consent where the answer is yes or no, and the role that somebody has in a list is
/// no job.
fn drop_answers(columns: &mut [Matched], sample: &Sample) {
    let job = Target::Field(ContactField::JobTitle, FieldKind::Text);
    for (at, column) in columns.iter_mut().enumerate() {
        let may_be_flag = fold(&column.name) == "sms";
        let is_answer = |cell: &str| {
            let is_figure = cell.bytes().all(|byte| byte.is_ascii_digit());
            (may_be_flag || !is_figure) && values::yes_no(cell).is_some()
        };
        let is_contact_data =
            column.target == Target::Means(Means::Email) || is_phone(&column.target);
        let is_wrong = is_contact_data && mostly(sample, at, is_answer)
            || column.target == job
                && mostly(sample, at, |cell| ROLES.contains(&fold(cell).as_str()));
        if is_wrong && column.sure != Sureness::Told {
            drop(column);
        }
    }
}

/// Roles in meetings and websites, folded.
const ROLES: &[&str] = &[
    "attendee",
    "presenter",
    "organizer",
    "panelist",
    "host",
    "cohost",
    "subscriber",
    "customer",
    "administrator",
    "editor",
    "author",
    "contributor",
    "member",
    "user",
    "guest",
];

/// Where a list is about invitees, its user is who invited them.
fn drop_hosts(columns: &mut [Matched]) {
    const GUESTS: &[&str] = &["invitee", "attendee", "registrant", "participant"];
    let is_guest = |column: &Matched| {
        let name = fold(&column.name);
        column.target == Target::Means(Means::Email)
            && GUESTS.iter().any(|guest| name.starts_with(guest))
    };
    if !columns.iter().any(is_guest) {
        return;
    }
    let is_host = |column: &&mut Matched| {
        column.sure != Sureness::Told
            && ["useremail", "userphone"].contains(&fold(&column.name).as_str())
    };
    columns.iter_mut().filter(is_host).for_each(drop);
}

/// *Work* is a phone number and *CC* is a country where they look like one.
fn read_short_names(columns: &mut [Matched], sample: &Sample) {
    for (at, column) in columns.iter_mut().enumerate() {
        let is_open = column.target == Target::Nowhere
            || column.target == Target::Field(ContactField::Department, FieldKind::Text);
        if !is_open || column.sure == Sureness::Told {
            continue;
        }
        let phone = |field| Target::Field(field, FieldKind::Text);
        let target = match fold(&column.name).as_str() {
            "work" | "office" | "direct" | "business" | "dienstlich" | "geschaftlich" | "buro"
            | "ufficio"
                if mostly(sample, at, is_number) =>
            {
                phone(ContactField::BusinessPhone)
            }
            "home" | "private" | "privat" | "abitazione" | "domicile" | "particular" | "thuis"
                if mostly(sample, at, is_number) =>
            {
                phone(ContactField::HomePhone)
            }
            "cc" if mostly(sample, at, |cell| {
                cell.len() == 2 && places::country(cell).is_some()
            }) =>
            {
                Target::Means(Means::Address(0, ContactField::Country))
            }
            _ => continue,
        };
        (column.target, column.sure, column.rank) = (target, Sureness::Likely, QUESTION);
    }
}

/// Names of columns have so many words.
const LONGEST_NAME: usize = 4;
/// Words of questions that don't end like one, folded.
const ASKING: &[&str] = &[
    "your", "you", "please", "enter", "what", "ihr", "ihre", "dein", "deine", "bitte", "votre",
    "vos", "tu", "su", "suo", "tua", "sua", "uw", "jouw", "je", "din", "ditt", "dit", "twoj",
    "twoje",
];

/// The columns of a survey are questions, such as *What is your email address?*; the name that stands in one counts where
/// no column has it by itself.
fn read_questions(columns: &mut [Matched], sample: &Sample) {
    for at in 0..columns.len() {
        let column = &columns[at];
        if column.target != Target::Nowhere || column.sure == Sureness::Told {
            continue;
        }
        let Some(means) = asked_for(&column.name) else {
            continue;
        };
        let target = match means {
            Means::Field(field) => {
                Target::Field(field, field.built_in_kind().unwrap_or(FieldKind::Text))
            }
            means => Target::Means(means),
        };
        let is_free = columns.iter().all(|column| column.target != target);
        if is_free && mostly(sample, at, |cell| is_answer(means, cell)) {
            let column = &mut columns[at];
            (column.target, column.sure, column.rank) = (target, Sureness::Likely, QUESTION);
        }
    }
}

/// Tells whether a cell can be what a question asks for.
fn is_answer(means: Means, cell: &str) -> bool {
    match means {
        Means::Email => is_email(cell),
        Means::Field(ContactField::BusinessPhone | ContactField::MobilePhone) => is_number(cell),
        Means::Address(_, ContactField::PostalCode) => cell.len() <= 12,
        _ => cell.chars().any(char::is_alphabetic) && values::yes_no(cell).is_none(),
    }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && !cell.chars().any(char::is_alphabetic)
}

/// What a question asks for counts less than what a name says.
const QUESTION: usize = 200;

/// Returns what a question asks for: the longest name in it that says who somebody is.
fn asked_for(question: &str) -> Option<Means> {
    let words: Vec<&str> = question.split_whitespace().collect();
    let asks = |word: &&str| ASKING.contains(&fold(word).as_str());
    if !question.contains(['?', '？']) && !words.iter().any(asks) {
        return None;
    }
    let named = |length: usize| {
        words.windows(length).find_map(|words| {
            let (means, _) = meaning(&fold(&words.concat()))?;
            is_asked(means).then_some(means)
        })
    };
    (1..=LONGEST_NAME.min(words.len())).rev().find_map(named)
}

fn is_asked(means: Means) -> bool {
    use ContactField::{
        BusinessPhone, City, CompanyName, Country, FirstName, JobTitle, LastName, MobilePhone,
        PostalCode,
    };
    matches!(
        means,
        Means::Email
            | Means::FullName
            | Means::Field(
                FirstName | LastName | CompanyName | JobTitle | BusinessPhone | MobilePhone
            )
            | Means::Address(0, City | Country | PostalCode)
    )
}

/// In a file without a column of that name the emails are where they stand.
fn find_emails(columns: &mut [Matched], sample: &Sample) {
    let is_known = |column: &Matched| {
        column.target == Target::Means(Means::Email)
            || field_of(&column.target) == Some(ContactField::Email)
    };
    if columns.iter().any(is_known) {
        return;
    }
    let is_open = |at: &usize| {
        let column = &columns[*at];
        let is_it = match column.target {
            Target::Nowhere => mostly(sample, *at, is_email),
            // *Contact* may be a name, or how to reach somebody.
            Target::Means(Means::FullName) => mostly(sample, *at, emails::is_email),
            _ => false,
        };
        is_it && column.sure != Sureness::Told
    };
    let found = (0..columns.len()).find(is_open);
    if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
        column.target = Target::Means(Means::Email);
        (column.sure, column.rank) = (Sureness::Likely, QUESTION);
    }
}

/// Columns of Salesforce ids are known by their cells.
pub(super) fn find_record_ids(columns: &mut [Matched], sample: &Sample) {
    for (at, column) in columns.iter_mut().enumerate() {
        if column.sure != Sureness::Told
            && column.target == Target::Nowhere
            && mostly(sample, at, is_record_id)
        {
            column.target = Target::Means(Means::RecordId);
            column.sure = Sureness::Sure;
        }
    }
}

/// Who paid is left out where the file says whom it is about. A bill is that of the customer, and only repeats the name or
/// the email.
fn drop_stand_ins(columns: &mut [Matched]) {
    let is_email = |target: &Target| *target == Target::Means(Means::Email);
    let is_name = |target: &Target| {
        let is_part = matches!(
            field_of(target),
            Some(ContactField::FirstName | ContactField::LastName)
        );
        is_part || *target == Target::Means(Means::FullName)
    };
    let known = |is: &dyn Fn(&Target) -> bool| {
        let is_known = |column: &Matched| column.rank < STAND_IN && is(&column.target);
        columns.iter().any(is_known)
    };
    let (has_email, has_name) = (known(&is_email), known(&is_name));
    for column in columns {
        let repeats =
            has_email && is_email(&column.target) || has_name && !is_email(&column.target);
        let is_left_out = match column.rank {
            ..STAND_IN => false,
            STAND_IN..BUYER => repeats,
            BUYER.. => has_email || has_name,
        };
        if is_left_out && column.sure != Sureness::Told {
            drop(column);
        }
    }
}

/// *Name* is the number of an order where it has no letters.
fn drop_order_numbers(columns: &mut [Matched], sample: &Sample) {
    for (at, column) in columns.iter_mut().enumerate() {
        let is_order = |cell: &str| !cell.chars().any(char::is_alphabetic);
        if column.target == Target::Means(Means::FullName)
            && column.sure != Sureness::Told
            && mostly(sample, at, is_order)
        {
            drop(column);
        }
    }
}

/// *Número* behind a street is its house number, and so is *č. p.* where another column has the postal code.
fn decide_house_numbers(columns: &mut [Matched], sample: &Sample) {
    for at in 1..columns.len() {
        let Target::Means(Means::Address(group, ContactField::AddressLine1)) =
            columns[at - 1].target
        else {
            continue;
        };
        let column = &columns[at];
        let is_open = match column.target {
            Target::Nowhere => ["numero", "nr", "no", "num", "number", "nummer", "cislo"]
                .contains(&fold(&column.name).as_str()),
            Target::Means(Means::Address(_, ContactField::PostalCode)) => {
                fold(&column.name) == "cp"
                    && columns
                        .iter()
                        .enumerate()
                        .any(|(other, known)| other != at && known.target == column.target)
            }
            _ => false,
        };
        let is_number =
            |cell: &str| cell.len() <= 8 && cell.starts_with(|first: char| first.is_ascii_digit());
        if is_open && column.sure != Sureness::Told && mostly(sample, at, is_number) {
            columns[at].target = Target::Means(Means::HouseNumber(group));
            columns[at].sure = Sureness::Likely;
        }
    }
}

/// A house number without a street is no address.
fn drop_lone_house_numbers(columns: &mut [Matched]) {
    for at in 0..columns.len() {
        let Target::Means(Means::HouseNumber(group)) = columns[at].target else {
            continue;
        };
        let street = Target::Means(Means::Address(group, ContactField::AddressLine1));
        if columns.iter().all(|column| column.target != street) {
            drop(&mut columns[at]);
        }
    }
}

/// *Title* is a form of address where another column holds the job, or where the cells look like it; beside a form of
/// address it is a degree.
fn decide_titles(columns: &mut [Matched], sample: &Sample) {
    let has = |field| {
        columns
            .iter()
            .any(|column| field_of(&column.target) == Some(field))
    };
    let (has_job, has_salutation) = (has(ContactField::JobTitle), has(ContactField::Salutation));
    for (at, column) in columns.iter_mut().enumerate() {
        if column.target != Target::Means(Means::Title) {
            continue;
        }
        let mut cells = filled(sample, at).peekable();
        let is_address = cells.peek().is_some() && cells.all(names::is_salutation);
        column.target = match (has_salutation, is_address) {
            (true, true) => Target::Means(Means::Degree),
            (false, is_address) if is_address || has_job => {
                Target::Field(ContactField::Salutation, FieldKind::Text)
            }
            _ => Target::Field(ContactField::JobTitle, FieldKind::Text),
        };
        column.sure = Sureness::Likely;
        // A real job title column comes first.
        column.rank = 100;
    }
}

/// *Nome* or *First name* alone is the whole name where most cells have two words.
fn decide_names(columns: &mut [Matched], sample: &Sample) {
    let has_other = columns.iter().any(|column| {
        column.target == Target::Means(Means::FullName)
            || field_of(&column.target) == Some(ContactField::LastName)
    });
    take_first_names(columns);
    let first = Target::Field(ContactField::FirstName, FieldKind::Text);
    let alone = columns.iter().position(|column| column.target == first);
    let Some(at) = alone.filter(|at| !has_other && columns[*at].sure != Sureness::Told) else {
        return;
    };
    let (mut cells, mut whole) = (0, 0);
    for cell in filled(sample, at) {
        cells += 1;
        whole += usize::from(cell.split_whitespace().nth(1).is_some());
    }
    // *이름* is the first name beside *성* only.
    let is_whole = fold(&columns[at].name) == fold("이름");
    if 2 * whole > cells || is_whole {
        columns[at].target = Target::Means(Means::FullName);
        columns[at].sure = Sureness::Likely;
    }
}

/// *Name* is that of a company where its cells are, or where another column has the person to contact there.
fn decide_companies(columns: &mut [Matched], sample: &Sample) {
    let company = Target::Field(ContactField::CompanyName, FieldKind::Text);
    let whole = |column: &Matched| {
        column.target == Target::Means(Means::FullName) && column.sure != Sureness::Told
    };
    let names: Vec<usize> = (0..columns.len())
        .filter(|at| whole(&columns[*at]))
        .collect();
    let holds_companies =
        |at: &usize| columns[*at].target == company && filled(sample, *at).next().is_some();
    if names.len() < 2 || (0..columns.len()).any(|at| holds_companies(&at)) {
        return;
    }
    let is_named = |at: &usize, list: &[&str]| list.contains(&fold(&columns[*at].name).as_str());
    let has_person = |at: &usize| {
        is_named(at, PEOPLE) && 2 * filled(sample, *at).count() > sample.column(*at).len()
    };
    let is_company = |at: &usize| {
        mostly(sample, *at, names::is_company)
            || is_named(at, NAME) && names.iter().any(|other| other != at && has_person(other))
    };
    let found: Vec<usize> = names.iter().copied().filter(is_company).collect();
    if let [at] = found.as_slice() {
        (columns[*at].target, columns[*at].sure) = (company, Sureness::Likely);
    }
}

/// What *Name* is called, folded.
const NAME: &[&str] = &["name", "naam", "namn", "navn", "nimi"];
/// Columns of the people to contact at a company, folded.
const PEOPLE: &[&str] = &[
    "contactperson",
    "contactname",
    "ansprechpartner",
    "ansprechperson",
    "ansprechpartnerin",
    "kontaktperson",
    "kontaktpersonen",
    "interlocuteur",
    "personadecontacto",
    "personacontacto",
    "referente",
    "contatto",
    "osobakontaktowa",
    "contactpersoon",
];
/// Words for an address, folded.
const ADDRESS: &[&str] = &["address", "adres", "anschrift", "postal"];

/// *Adresse Firma* may name the company of an address, or the address of a company: that has figures.
fn decide_company_addresses(columns: &mut [Matched], sample: &Sample) {
    let company = Target::Field(ContactField::CompanyName, FieldKind::Text);
    for (at, column) in columns.iter_mut().enumerate() {
        let name = fold(&column.name);
        let is_open = column.target == company
            && column.sure != Sureness::Told
            && ADDRESS.iter().any(|word| name.contains(word));
        let has_figures = |cell: &str| cell.contains(|letter: char| letter.is_ascii_digit());
        if is_open && mostly(sample, at, has_figures) {
            column.target = Target::Means(Means::Address(0, ContactField::AddressLine1));
            column.sure = Sureness::Likely;
        }
    }
}

/// *Ad* is an advertisement, and *fn* may be anything, but beside these last names they are the first name.
fn take_first_names(columns: &mut [Matched]) {
    for (first, last) in [("ad", "soyad"), ("fn", "ln")] {
        let is = |column: &Matched, name: &str| fold(&column.name) == name;
        let has_last = columns.iter().any(|column| is(column, last));
        let open = columns.iter_mut().find(|column| {
            column.target == Target::Nowhere && column.sure != Sureness::Told && is(column, first)
        });
        if let Some(column) = open.filter(|_| has_last) {
            column.target = Target::Field(ContactField::FirstName, FieldKind::Text);
            column.sure = Sureness::Likely;
        }
    }
}

/// The only street of a file belongs to its only city, whatever words stand around them.
fn unite_addresses(columns: &mut [Matched]) {
    let of = |column: &Matched| match column.target {
        Target::Means(Means::Address(group, field)) => Some((group, field)),
        _ => None,
    };
    let all: Vec<_> = columns.iter().filter_map(of).collect();
    let is_once = |field| all.iter().filter(|(_, other)| *other == field).count() == 1;
    // Google numbers addresses, which are several even where each has one column.
    let is_numbered = |column: &Matched| {
        let is_digit = |letter: char| letter.is_ascii_digit();
        of(column).is_some()
            && fold(&column.name)
                .trim_end_matches(is_digit)
                .contains(is_digit)
    };
    if !all.iter().all(|(_, field)| is_once(*field)) || columns.iter().any(is_numbered) {
        return;
    }
    for column in columns {
        if let Target::Means(Means::Address(group, _) | Means::HouseNumber(group)) =
            &mut column.target
        {
            *group = 0;
        }
    }
}

/// *State* is that of a subscription where it says so.
fn decide_states(columns: &mut [Matched], sample: &Sample) {
    const STATES: &[&str] = &[
        "active",
        "inactive",
        "cancelled",
        "canceled",
        "subscribed",
        "unsubscribed",
        "bounced",
        "complained",
        "pending",
        "confirmed",
    ];
    for (at, column) in columns.iter_mut().enumerate() {
        let is_state = matches!(
            column.target,
            Target::Means(Means::Address(_, ContactField::State))
        );
        if is_state && mostly(sample, at, |cell| STATES.contains(&fold(cell).as_str())) {
            column.target = Target::Field(ContactField::Status, FieldKind::Text);
            column.sure = Sureness::Likely;
        }
    }
}

/// *Kraj* is the country in Polish and the region in Czech; the cells tell.
fn decide_regions(columns: &mut [Matched], sample: &Sample) {
    for (at, column) in columns.iter_mut().enumerate() {
        let Target::Means(Means::Address(group, ContactField::Country)) = column.target else {
            continue;
        };
        let mut cells = filled(sample, at).peekable();
        let is_region = fold(&column.name).ends_with("kraj")
            && cells.peek().is_some()
            && cells.all(|cell| places::country(cell).is_none());
        if is_region {
            column.target = Target::Means(Means::Address(group, ContactField::State));
        }
    }
}

/// Returns the cells of a column that hold something.
fn filled(sample: &Sample, at: usize) -> impl Iterator<Item = &str> {
    let cells = sample.column(at).into_iter().map(str::trim);
    cells.filter(|cell| !cell.is_empty())
}

/// *Birth Day* beside year and month is the day alone.
fn decide_birthdays(columns: &mut [Matched]) {
    let has = |means| {
        columns
            .iter()
            .any(|column| column.target == Target::Means(means))
    };
    if !has(Means::BirthYear) || !has(Means::BirthMonth) {
        return drop_parts_of_birthdays(columns);
    }
    let birthday = Target::Field(ContactField::Birthday, FieldKind::Date);
    let apart = |column: &&mut Matched| {
        column.target == birthday && column.name.to_lowercase() != "birthday"
    };
    if let Some(column) = columns
        .iter_mut()
        .filter(|column| column.sure != Sureness::Told)
        .find(apart)
    {
        column.target = Target::Means(Means::BirthDay);
    }
    if columns
        .iter()
        .all(|column| column.target != Target::Means(Means::BirthDay))
    {
        drop_parts_of_birthdays(columns);
    }
}

/// A year alone is no birthday.
fn drop_parts_of_birthdays(columns: &mut [Matched]) {
    let is_part = |column: &&mut Matched| {
        matches!(
            column.target,
            Target::Means(Means::BirthYear | Means::BirthMonth | Means::BirthDay)
        )
    };
    columns.iter_mut().filter(is_part).for_each(drop);
}
