//! What the columns of a file of activities hold: told, else guessed from their names.

use std::collections::HashMap;

use leadferry_store::ContactField;

use crate::imports::fold::fold;
use crate::imports::header_names::{Means, meaning};
use crate::imports::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holds {
    Email,
    Guid,
    Kind,
    Time,
    Value,
    Url,
    Title,
    Note,
}

/// What a column can hold, the word that a request uses, and the names under which other programs export it, folded, the
/// surest first.
const NAMES: &[(Holds, &str, &str)] = &[
    (
        Holds::Email,
        "email",
        "email recipient recipientemail attendeeemail buyeremail customeremail visitoremail respondentemail \
         subscriberemail inviteeemail useremail payeremail fromemailaddress toemailaddress username",
    ),
    (
        Holds::Guid,
        "guid",
        "guid leadferryid contact contactid key",
    ),
    (
        Holds::Kind,
        "type",
        "type activity activitytype event eventtype eventname action kind typ art aktivitat ereignis aktion \
         evenement typedactivite actividad tipo tipodeactividad evento atividade tipodeatividade attivita azione \
         activiteit gebeurtenis typaktywnosci zdarzenie aktivitet handelse haendelse handling tapahtuma toiminto aktivita \
         udalost activitykind engagementtype",
    ),
    (
        Holds::Time,
        "time",
        "time date timestamp at when dateandtime datetime created createdat createddate createdate createtime \
         creationdate occurred occurredat eventtime eventdate activitydate orderdate paidat purchasedate submittedat \
         submitteddate senddate sentat openedat clickedat jointime starttime startdate registrationtime registrationdate \
         lastactivity datum zeit zeitpunkt datumuhrzeit datumundzeit zeitstempel uhrzeit erstelltam bestelldatum \
         dateheure heure horodatage datedecreation fecha hora fechayhora fechahora fechadecreacion data dataehora datahora \
         dataeora orario tijd tijdstip datumentijd aangemaakt czas dataiczas dataiutworzenia tid tidspunkt tidpunkt \
         datumochtid oprettet opprettet aika ajankohta pvm paivamaara datumacas cas createdon",
    ),
    (
        Holds::Value,
        "value",
        "value amount total revenue price grandtotal ordertotal totalpaid totalprice gross net wert betrag summe \
         umsatz gesamtbetrag preis valeur montant prix valor importe precio valortotal preco importo valore prezzo \
         waarde bedrag prijs omzet wartosc kwota cena varde belopp vaerdi belob verdi belop arvo summa hodnota castka",
    ),
    (
        Holds::Url,
        "url",
        "url page pageurl link address webpage landingpage seite adresse enlace pagina pageaddress sivu sida side \
         strona stranka odkaz",
    ),
    (
        Holds::Title,
        "title",
        "title subject name titel betreff sujet objet titre asunto titulo assunto oggetto titolo onderwerp temat tytul \
         amne emne titteli otsikko aihe predmet nazev webinarname campaignname formname itemname",
    ),
    (
        Holds::Note,
        "note",
        "note notes comment comments description",
    ),
];

impl Holds {
    /// Returns what a word of a request means.
    pub(super) fn named(word: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, known, _)| *known == word.trim());
        found.map(|(holds, ..)| *holds)
    }

    /// Guesses what a column holds from its name, and how far down the list of names that stands.
    fn guessed(header: &str) -> Option<(Self, usize)> {
        Self::of_folded(&fold(header))
    }

    fn of_folded(folded: &str) -> Option<(Self, usize)> {
        let listed = NAMES.iter().find_map(|(holds, _, names)| {
            let rank = names.split_whitespace().position(|name| name == folded)?;
            Some((*holds, rank))
        });
        // Emails and notes are called the same in files of contacts.
        listed.or_else(|| match meaning(folded)? {
            (Means::Email, rank) => Some((Self::Email, 1 + rank)),
            (Means::Field(ContactField::Notes), rank) => Some((Self::Note, 1 + rank)),
            _ => None,
        })
    }

    /// Returns the word that a request uses.
    pub(super) fn word(self) -> &'static str {
        let found = NAMES.iter().find(|(holds, ..)| *holds == self);
        found.map_or("", |(_, word, _)| word)
    }
}

/// Tells whether a folded name is one that files of activities use.
pub(super) fn is_known(folded: &str) -> bool {
    Holds::of_folded(folded).is_some()
}

/// Returns which column holds what: as told, else the one with the surest name.
///
/// # Errors
/// [`Error::Mapping`] for a word that nothing is called by, [`Error::NoSuchColumn`].
pub(super) fn places(header: &[String], map: &[(String, String)]) -> Result<HashMap<Holds, usize>> {
    let mut places = HashMap::new();
    let mut given = map.to_vec();
    let mut guesses = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let told = given
            .iter()
            .position(|(column, _)| column.trim() == name.trim());
        match told.map(|at| given.swap_remove(at).1) {
            Some(word) if word.trim() == "-" => {}
            Some(word) => {
                let holds = Holds::named(&word).ok_or_else(|| {
                    Error::Mapping(format!(
                        "a column of activities can hold email, guid, type, time, value, url, title or note, not \
                         \"{word}\""
                    ))
                })?;
                places.insert(holds, at);
            }
            None => guesses.extend(Holds::guessed(name).map(|(holds, rank)| (rank, at, holds))),
        }
    }
    if let Some((column, _)) = given.first() {
        return Err(Error::no_such_column(
            column,
            header.iter().map(String::as_str),
        ));
    }
    guesses.sort_unstable_by_key(|(rank, at, _)| (*rank, *at));
    for (_, at, holds) in guesses {
        places.entry(holds).or_insert(at);
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_stand_once() {
        let mut seen = std::collections::HashSet::new();
        for name in NAMES
            .iter()
            .flat_map(|(.., names)| names.split_whitespace())
        {
            assert_eq!(fold(name), name, "{name} is not folded");
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn columns_are_known_by_the_names_that_programs_write() {
        let header = |names: &str| names.split(',').map(str::to_owned).collect::<Vec<_>>();
        for (names, expected) in [
            ("E-mail Address,Activity Type,Date and Time,Page URL", 4),
            ("E-Mail-Adresse,Aktivität,Zeitpunkt,Wert,Betreff,Notizen", 6),
            ("Adresse e-mail,Type d'activité,Date,Montant", 4),
            ("Contact,Email,Event Name,Created At", 4),
        ] {
            assert_eq!(
                places(&header(names), &[]).unwrap().len(),
                expected,
                "{names}"
            );
        }
        let found = places(&header("Name,Subject,Title"), &[]).unwrap();
        assert_eq!(found[&Holds::Title], 2);
    }
}
