//! What other programs call their columns, folded (see [`super::fold`]), in English, German, French and Spanish.
//!
//! Sources: the export headers of HubSpot, Google Contacts, Outlook, Thunderbird, Roundcube, Mautic, Chatwoot and
//! Salesforce reports.

use std::collections::HashMap;
use std::sync::OnceLock;

use leadferry_store::ContactField::{self, *};

/// What a column name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Means {
    /// A field of its own.
    Field(ContactField),
    /// One of several e-mails: the first filled one identifies.
    Email,
    /// The whole name in one cell.
    FullName,
    /// A form of address or a job title; the cells tell.
    Title,
    /// A part of the birthday.
    BirthYear,
    /// A part of the birthday.
    BirthMonth,
    /// A part of the birthday.
    BirthDay,
    /// A field of one of several addresses: the first address with a filled cell counts as a whole.
    Address(u8, ContactField),
    /// A phone number whose kind stands in another column.
    Phone(u8),
    /// The kind of such a phone number.
    PhoneKind(u8),
    /// Says yes where nothing may be sent.
    OptOut,
    /// Says in words whether anything may be sent.
    MailStatus,
    /// The reason that an errors file gives for a row.
    Reason,
}

const HOME: u8 = 1;
const OTHER: u8 = 2;

/// Each meaning with its names, the surest first; several columns of one file may share a meaning.
const NAMES: &[(Means, &str)] = &[
    (
        Means::Field(Salutation),
        "salutation nameprefix prefix honorific honorificprefix anrede civilite tratamiento personaltitle",
    ),
    (Means::Title, "title titel titre titulo"),
    (
        Means::Field(FirstName),
        "firstname givenname forename christianname first fname contactfirstname vorname prenom prenoms \
         nombre nombredepila primernombre nome voornaam",
    ),
    (
        Means::Field(MiddleName),
        "middlename middle additionalname secondname middleinitial zweitername weiterevornamen \
         deuxiemeprenom segundonombre",
    ),
    (
        Means::Field(LastName),
        "lastname familyname surname last lname contactlastname nachname familienname zuname nomdefamille \
         nom apellido apellidos primerapellido cognome achternaam",
    ),
    (
        Means::Field(Suffix),
        "suffix namesuffix generationalsuffix honorificsuffix namenszusatz suffixe sufijo",
    ),
    (
        Means::FullName,
        "fullname name displayname contactname contact fileas vollstandigername vollername ganzername \
         anzeigename kontakt kontaktname nomcomplet nometprenom nomprenom prenomnom nombrecompleto \
         nombreyapellidos nombreyapellido 姓名 名前",
    ),
    (
        Means::Email,
        "email emailaddress primaryemail email1address workemail emailwork businessemail emailbusiness \
         companyemail mail emailid emailadresse mailadresse epost adressemail adresseemail \
         adresseelectronique courriel adressedemessagerie correo correoelectronico \
         direcciondecorreoelectronico direcciondecorreo contactemail useremail personemail email1 \
         homeemail emailhome personalemail privateemail emailprivat emailperso email2address \
         email3address otheremail emailother secondaryemail secondemail alternateemail additionalemail \
         additionalemailaddresses email2 email3 emailgeschaftlich",
    ),
    (
        Means::Field(JobTitle),
        "jobtitle position occupation role jobrole jobposition function organization1title \
         organizationtitle berufsbezeichnung stellenbezeichnung funktion beruf fonction poste \
         intituleduposte profession cargo puesto puestodetrabajo",
    ),
    (
        Means::Field(Department),
        "department dept organization1department organizationdepartment abteilung departement service \
         departamento",
    ),
    (
        Means::Field(CompanyName),
        "company companyname associatedcompany organization organisation organizationname \
         organisationname organization1name accountname account employer business businessname \
         primarycompany firma firmenname unternehmen unternehmensname arbeitgeber entreprise societe \
         nomdelentreprise raisonsociale empresa nombredelaempresa compania organizacion azienda bedrijf \
         会社名",
    ),
    (
        Means::Field(Website),
        "website websiteurl webpage webpage1 companywebsite websitework website1value homepage url web \
         websitehomepage businesswebsite webseite internetseite siteweb siteinternet sitioweb paginaweb \
         webpage2 website2value websiteprofile websiteblog websiteother",
    ),
    (
        Means::Field(BusinessPhone),
        "businessphone workphone phone phonenumber primaryphone telephone telephonenumber companyphone \
         companymainphone businessphone2 workphone2 officephone mainphone directphone tel phonework \
         phone1 contactphone telefon telefonnummer telefongeschaftlich telefonarbeit buro \
         numerodetelephone telephoneprofessionnel telephonebureau telefono numerodetelefono \
         telefonodeltrabajo telefonodeempresa telefonofijo telefoon otherphone",
    ),
    (
        Means::Field(MobilePhone),
        "mobilephone mobile mobilenumber mobilephonenumber cell cellphone cellphonenumber cellular \
         homemobile workmobile phonemobile mobiltelefon mobilnummer handy handynummer mobil \
         telephonemobile telephoneportable portable movil telefonomovil celular telefonocelular",
    ),
    (
        Means::Field(HomePhone),
        "homephone phonehome homephonenumber privatephone homephone2 telefonprivat privattelefon \
         telephonedomicile telephonepersonnel telefonodecasa telefonoparticular",
    ),
    (
        Means::Field(Fax),
        "fax faxnumber businessfax workfax homefax otherfax faxgeschaftlich faxnummer telefax telecopie \
         numerodefax",
    ),
    (
        Means::Address(0, AddressLine1),
        "addressline1 address1 streetaddress street address businessstreet workstreet workaddress \
         businessaddress mailingstreet mailingaddress companyaddress streetaddress1 strasse \
         strassehausnummer strasseundhausnummer anschrift adresse adresse1 adresszeile1 rue \
         adressepostale lignedadresse1 direccion direccion1 calle domicilio strassegeschaftlich",
    ),
    (
        Means::Address(0, AddressLine2),
        "addressline2 address2 businessstreet2 workaddress2 streetaddress2 adresszusatz adresszeile2 \
         adresse2 complementdadresse complementadresse direccion2 apartment suite unit",
    ),
    (
        Means::Address(0, City),
        "city town businesscity workcity mailingcity locality companycity ort stadt wohnort ville \
         localite ciudad poblacion localidad ortgeschaftlich",
    ),
    (
        Means::Address(0, State),
        "state stateregion stateprovince province region businessstate workstate mailingstate \
         mailingstateprovince county bundesland bundeslandkanton kanton etat provincia estado \
         comunidadautonoma regionbundesland",
    ),
    (
        Means::Address(0, PostalCode),
        "postalcode zip zipcode postcode businesspostalcode workzip workzipcode workpostalcode mailingzip \
         mailingpostalcode mailingzippostalcode zippostalcode plz postleitzahl codepostal codigopostal cp \
         postleitzahlgeschaftlich",
    ),
    (
        Means::Address(0, Country),
        "country countryregion countryname countrycode businesscountry businesscountryregion workcountry \
         mailingcountry land landregion staat pays paysregion pais paisregion",
    ),
    (
        Means::Address(HOME, AddressLine1),
        "homestreet homeaddress privateaddress strasseprivat ruedomicile",
    ),
    (
        Means::Address(HOME, AddressLine2),
        "homestreet2 homeaddress2",
    ),
    (
        Means::Address(HOME, City),
        "homecity ortprivat villedomicile",
    ),
    (Means::Address(HOME, State), "homestate"),
    (
        Means::Address(HOME, PostalCode),
        "homepostalcode homezip homezipcode postleitzahlprivat",
    ),
    (
        Means::Address(HOME, Country),
        "homecountry homecountryregion",
    ),
    (
        Means::Address(OTHER, AddressLine1),
        "otherstreet otheraddress",
    ),
    (
        Means::Address(OTHER, AddressLine2),
        "otherstreet2 otheraddress2",
    ),
    (Means::Address(OTHER, City), "othercity"),
    (Means::Address(OTHER, State), "otherstate"),
    (
        Means::Address(OTHER, PostalCode),
        "otherpostalcode otherzip otherzipcode",
    ),
    (
        Means::Address(OTHER, Country),
        "othercountry othercountryregion",
    ),
    (
        Means::Field(Birthday),
        "birthday birthdate dateofbirth dob bday geburtstag geburtsdatum datedenaissance anniversaire \
         fechadenacimiento cumpleanos",
    ),
    (
        Means::BirthYear,
        "birthyear yearofbirth geburtsjahr anneedenaissance",
    ),
    (Means::BirthMonth, "birthmonth monthofbirth geburtsmonat"),
    (Means::BirthDay, "birthdayofmonth dayofbirth"),
    (
        Means::Field(Gender),
        "gender sex geschlecht sexe genre sexo genero",
    ),
    (
        Means::Field(Language),
        "language preferredlanguage locale lang sprache langue idioma lengua",
    ),
    (
        Means::Field(Source),
        "source leadsource contactsource originalsource quelle herkunft leadquelle origine origen fuente",
    ),
    (
        Means::Field(Campaign),
        "campaign campaignname lastcampaign kampagne campagne campana",
    ),
    (
        Means::Field(Status),
        "status leadstatus contactstatus lifecyclestage statut estadodellead",
    ),
    (
        Means::Field(Owner),
        "owner contactowner leadowner accountowner ownername assignedto salesrep besitzer inhaber \
         kontaktinhaber zustandig betreuer proprietaire responsable propietario propietariodelcontacto",
    ),
    (
        Means::Field(Notes),
        "notes note comments comment description remarks notizen notiz bemerkung bemerkungen kommentar \
         anmerkung remarque remarques commentaire commentaires notas nota observaciones comentarios",
    ),
    (Means::Field(DoNotSend), "donotsend leadferrydonotsend"),
    (
        Means::MailStatus,
        "marketingcontactstatus subscriptionstatus emailsubscriptionstatus emailmarketingstatus \
         emailmarketing marketingstatus emailstatus optinstatus newsletterstatus subscriberstatus \
         emailpermissionstatus mailingstatus abonnementstatus consentstatus",
    ),
    (Means::Reason, "leadferryerror"),
];

/// Returns what a folded column name means, and how far down its list of names it stands.
pub(crate) fn meaning(folded: &str) -> Option<(Means, usize)> {
    static INDEX: OnceLock<HashMap<&'static str, (Means, usize)>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let ranked = |(means, names): &'static (Means, &'static str)| {
            let ranks = names.split_whitespace().enumerate();
            ranks.map(|(rank, name)| (name, (*means, rank)))
        };
        NAMES.iter().flat_map(ranked).collect()
    });
    index.get(folded).copied().or_else(|| numbered(folded))
}

/// Tells whether a folded name is one that contact files use.
pub(crate) fn is_known(folded: &str) -> bool {
    meaning(folded).is_some()
}

/// Reads Google's `Phone 1 - Value` and its like.
fn numbered(folded: &str) -> Option<(Means, usize)> {
    let at = folded.find(|letter: char| letter.is_ascii_digit())?;
    let (group, rest) = folded.split_at(at);
    let digits = rest.len()
        - rest
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let (number, part) = rest.split_at(digits);
    let number: u8 = number.parse().ok().filter(|number| *number > 0)?;
    let address = |field| Means::Address(number - 1, field);
    let means = match (group, part) {
        ("email", "value") => Means::Email,
        ("phone", "value") => Means::Phone(number),
        ("phone", "type" | "label") => Means::PhoneKind(number),
        ("address", "street") => address(AddressLine1),
        ("address", "extendedaddress") => address(AddressLine2),
        ("address", "city") => address(City),
        ("address", "region") => address(State),
        ("address", "postalcode") => address(PostalCode),
        ("address", "country") => address(Country),
        _ => return None,
    };
    Some((means, usize::from(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::fold::fold;

    #[test]
    fn no_name_stands_twice_and_all_are_folded() {
        let mut seen = std::collections::HashSet::new();
        for name in NAMES.iter().flat_map(|(_, names)| names.split_whitespace()) {
            assert_eq!(fold(name), name, "{name} is not folded");
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn our_own_words_for_fields_are_known() {
        let unknown: Vec<_> = ContactField::BUILT_IN
            .iter()
            .filter(|field| !matches!(field, CreatedAt | ChangedAt))
            .filter_map(|field| field.built_in_name())
            .map(crate::labels::field)
            .filter(|label| meaning(&fold(label)).is_none())
            .collect();
        assert_eq!(unknown, Vec::<String>::new());
    }

    #[test]
    fn googles_numbered_columns_are_read() {
        let cases = [
            ("E-mail 2 - Value", Means::Email),
            ("Phone 7 - Value", Means::Phone(7)),
            ("Phone 7 - Type", Means::PhoneKind(7)),
            ("Phone 1 - Label", Means::PhoneKind(1)),
            ("Address 2 - Postal Code", Means::Address(1, PostalCode)),
        ];
        for (name, means) in cases {
            assert_eq!(
                meaning(&fold(name)).map(|found| found.0),
                Some(means),
                "{name}"
            );
        }
        assert_eq!(meaning("email0value"), None);
        assert_eq!(meaning("phone999value"), None);
    }
}
