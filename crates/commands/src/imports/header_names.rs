//! What other programs call their columns, folded (see [`super::fold`]), in English, German, French, Spanish, Portuguese,
//! Italian, Dutch, Polish, Swedish, Danish, Norwegian, Finnish and Czech, and the commonest ones in Turkish, Hungarian,
//! Romanian, Slovak, Croatian, Russian, Japanese, Chinese and Korean.
//!
//! A name means what the table says, also with a mark such as *(required)*, a number, or a word for the place around it:
//! *Privat: PLZ*, *Default Address City*, *Telefon geschäftlich 2*.
//!
//! Sources: the export headers of HubSpot, Google Contacts, Outlook, Thunderbird, Roundcube, Mautic, Chatwoot, Shopify,
//! Eventbrite and Salesforce reports.

pub(crate) mod joined_names;

use std::collections::HashMap;
use std::sync::OnceLock;

use leadferry_store::ContactField::{self, *};

use super::consent::ConsentColumn;
use super::fold::fold;

/// What a column name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Means {
    /// A field of its own.
    Field(ContactField),
    /// One of several e-mails: the first filled one identifies.
    Email,
    /// The whole name in one cell.
    FullName,
    /// Words such as *van der* that belong before the last name.
    LastNamePrefix,
    /// A second last name, which belongs behind the first.
    SecondLastName,
    /// A postal code and a city in one cell.
    PostalCity(u8),
    /// A degree such as *Dr.*, beside another form of address.
    Degree,
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
    /// The house number of such an address, which belongs behind the street.
    HouseNumber(u8),
    /// A phone number whose kind stands in another column.
    Phone(u8),
    /// The kind of such a phone number.
    PhoneKind(u8),
    /// The id of a Salesforce record.
    RecordId,
    /// Says whether somebody may be written to, called or faxed.
    Consent(ConsentColumn),
    /// The reason that an errors file gives for a row.
    Reason,
    /// What an export says and only Leadferry itself decides.
    Own,
}

const HOME: u8 = 1;
const OTHER: u8 = 2;
const BILLING: u8 = 3;
const SHIPPING: u8 = 4;
/// A contact is reached where the company is, if nowhere else.
const COMPANY: u8 = 5;

/// Each meaning with its names, the surest first; several columns of one file may share a meaning. Of several entries for
/// one meaning, the names of the later ones count less by [`LATER_ENTRY`]: an email at work, of the company, at home, and
/// one more.
const NAMES: &[(Means, &str)] = &[
    (
        Means::Field(Salutation),
        "salutation nameprefix prefix honorific honorificprefix anrede civilite tratamiento tratamento trato sigsigra personaltitle aanhef formadetratamiento formadetratamento trattamento zwrotgrzecznosciowy tilltal tiltale puhuttelu osloveni courtesytitle",
    ),
    (
        Means::Title,
        "title titel titelakadgrad titre titulo titolo titulacao tytul titteli titul tittel akademischertitel akadtitel titelakademisch academictitle",
    ),
    (
        Means::Field(FirstName),
        "firstname givenname namefirst forename christianname first fname contactfirstname vorname prenom prenoms \
         nombre nombredepila primernombre nome voornaam nomeproprio primeironome roepnaam imie imiona fornamn tilltalsnamn fornavn etunimi kutsumanimi jmeno krestnijmeno rufname vornameadressattypnaturlperson isim adi keresztnev utonev prenume ime meno onoma ονομα имя імя 名 이름 vards vardas eesnimi",
    ),
    (
        Means::Field(MiddleName),
        "middlename middle additionalname secondname middleinitial zweitername weiterevornamen \
         deuxiemeprenom segundonombre tweedenaam drugieimie mellannamn mellemnavn mellomnavn toinennimi prostrednijmeno segundonome secondonome nomedomeio отчество middelstenaam",
    ),
    (
        Means::Field(LastName),
        "lastname familyname namelast surname last lname contactlastname nachname familienname zuname nomdefamille \
         nom apellido apellidos primerapellido cognome achternaam sobrenome apelido apelidos ultimonome familienaam nazwisko efternamn efternavn etternavn sukunimi prijmeni apellidopaterno apellido1 nameadressattypnaturlperson soyad soyadi soyisim vezeteknev nume ln prezime priezvisko priimek eponymo επωνυμο фамилия прізвище 姓 氏 성 uzvards pavarde perekonnanimi",
    ),
    (
        Means::LastNamePrefix,
        "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels namensvorsatz vorsatzwort lastnameprefix surnameprefix \
         familynameprefix",
    ),
    (
        Means::SecondLastName,
        "segundoapellido apellido2 apellidomaterno secondlastname secondsurname maternallastname",
    ),
    (
        Means::PostalCity(0),
        "plzort plzundort plzwohnort plzstadt postleitzahlort cpville codepostalville codepostaletville capcitta \
         caplocalita cplocalidad cppoblacion postcodeplaats postcodewoonplaats kodmiejscowosc postnrort postnrby \
         postnummerort pscmesto zipcity postcodecity postcodeenplaats postcodeenwoonplaats codigopostalypoblacion",
    ),
    (
        Means::HouseNumber(0),
        "hausnummer hausnr houseno housenameno housenamenumber housenameornumber buildingnumber streetnumber streetno nrdomu huisnummer huisnr housenumber numerdomu cislopopisne husnummer talonumero numerocivico",
    ),
    (
        Means::Field(Suffix),
        "suffix namesuffix generationalsuffix honorificsuffix namenszusatz suffixe sufijo achtervoegsel",
    ),
    (
        Means::FullName,
        "fullname name displayname contactpersoon personnecontact yhteyshenkilo kontaktniosoba contactpersonname pessoadecontacto personadicontatto besucher besuchername visitorname attendeename guestname teilnehmername delegatename contactname contact fileas vollstandigername vollername ganzername \
         anzeigename kontakt kontaktname nomcomplet nometprenom nomprenom prenomnom nombrecompleto \
         nombreyapellidos nombreyapellido 姓名 名前 nomecompleto nomeecognome nomecognome cognomeenome cognomenome nominativo volledigenaam naam imieinazwisko imienazwisko nazwiskoiimie namn fullstandigtnamn helanamnet navn fuldenavn fuldtnavn fulltnavn nimi kokonimi jmenoaprijmeni celejmeno nomeesobrenome vorundnachname namevorname leadname customername clientname personname ansprechpartner ansprechperson ansprechpartnerin kontaktperson kontaktpersonen contactperson interlocuteur personadecontacto personacontacto referente contatto osobakontaktowa adsoyad adisoyadi teljesnev nomaafficher фио 氏名 wieheisstdu wieheissensie お名前 성명 gastname vornamenachname nachnamevorname vornamename firstandlastname firstnamelastname nameofperson ονοματεπωνυμο vardsuzvards vardaspavarde nimineperekonnanimi",
    ),
    (
        Means::Email,
        "email emailaddress primaryemail email1address workemail emailwork businessemail emailbusiness \
         emailgeschaftlich emaildienstlich emailberuflich mail emailid emailadresse mailadresse epost \
         adressemail adresseemail adresseelectronique courriel adressedemessagerie correo \
         correoelectronico direcciondecorreoelectronico direcciondecorreo contactemail useremail \
         personemail email1 correioeletronico enderecodeemail correio indirizzoemail postaelettronica \
         indirizzodipostaelettronica emailadres mailadres adresemail adresmail adrespocztyelektronicznej \
         pocztaelektroniczna epostadress mejl mejladress epostadresse sahkoposti sahkopostiosoite \
         emailovaadresa emailadresa elektronickaposta emails mailaddress electronicmail elektronischepost \
         emailanschrift correoe eposta epostaadresi emailcim элпочта электроннаяпочта почта \
         адресэлектроннойпочты メールアドレス メール 邮箱 电子邮件 电子邮箱 邮件 이메일 fromemailaddress emailaddresses mailadresa epasts elpastas elpasto ηλεκτρονικοταχυδρομειο 電子郵件信箱 電子信箱",
    ),
    (Means::Email, "companyemail"),
    (
        Means::Email,
        "homeemail emailhome personalemail privateemail emailprivat emailperso",
    ),
    (
        Means::Email,
        "email2address email3address otheremail emailother secondaryemail secondemail alternateemail \
         additionalemail additionalemailaddresses email2 email3 thirdemail thirdemailaddress \
         tertiaryemail",
    ),
    (
        Means::Field(JobTitle),
        "jobtitle position occupation role jobrole jobposition function organization1title \
         organizationtitle berufsbezeichnung stellenbezeichnung funktion beruf fonction poste \
         intituleduposte profession cargo puesto puestodetrabajo funcao profissao qualifica ruolo posizione professione mansione functie functietitel beroep stanowisko zawod befattning yrke jobbtitel stilling jobtitel stillingstittel tehtavanimike ammatti asema pozice funkce povolani pracovnipozice stellung arbeitstitel tatigkeit designation headline unvan gorev beosztas functia должность 役職 职位 职务 직책 직위 jobrolle 職稱 職務 θεση pareigos amats ametinimetus",
    ),
    (
        Means::Field(Department),
        "department dept organization1department organizationdepartment abteilung departement service \
         departamento reparto ufficio dipartimento afdeling dzial wydzial avdelning avdeling osasto oddeleni setor servicio division bolum osztaly departament отдел 部署 部署名 部门 부서 abt τμημα",
    ),
    (
        Means::Field(CompanyName),
        "company companyname associatedcompany organization organisation organizationname \
         organisationname organization1name accountname account employer business businessname \
         primarycompany companynm compname firma firmenname unternehmen unternehmensname arbeitgeber entreprise societe \
         nomdelentreprise raisonsociale razonsocial denominacionsocial empresa nombredelaempresa compania organizacion azienda bedrijf \
         会社名 nomedaempresa organizacao societa ditta ragionesociale nomeazienda organizzazione impresa bedrijfsnaam organisatie werkgever nazwafirmy przedsiebiorstwo organizacja foretag foretagsnamn bolag virksomhed firmanavn virksomhedsnavn bedrift bedriftsnavn selskap yritys yrityksennimi organisaatio spolecnost nazevfirmy organizace companyaccount accountcompany companyorganization companyorganisation gesellschaft betrieb institution tradingname legalname nameadressattypunternehmen accounts companies sirket sirketadi ceg cegnev companie tvrtka podjetje spolocnost компания организация 会社 公司 公司名称 회사 회사명 entreprisesociete org arbetsgivare arbeidsgiver zugeordnetesunternehmen hauptunternehmen entrepriseassociee empresaasociada aziendaassociata εταιρεια εταιρια uznemums imone ettevote",
    ),
    (
        Means::Field(Website),
        "website websiteurl webpage webpage1 companywebsite websitework website1value homepage url web \
         websitehomepage businesswebsite webseite internetseite siteweb siteinternet sitioweb paginaweb \
         webpage2 website2value websiteprofile websiteblog websiteother sito sitoweb sitointernet webadres stronainternetowa stronawww www webbplats hemsida hjemmeside webside nettside nettsted verkkosivu verkkosivusto kotisivu webovestranky pagina site weburl homepageurl internet domain pageweb webpagina companydomain companydomainname companywebsiteurl urlhomepage urlwork urlhome ホームページ 网站 stronasieciweb ιστοσελιδα",
    ),
    (
        Means::Field(BusinessPhone),
        "businessphone workphone phone phonenumber workph primaryphone telephone telephonenumber \
          businessphone2 workphone2 officephone mainphone directphone tel phonework \
         phone1 contactphone telefon telefonnummer telefongeschaftlich telefonarbeit buro \
         numerodetelephone telephoneprofessionnel telephonebureau telefono numerodetelefono \
         telefonodeltrabajo telefonodeempresa telefonofijo telefoon otherphone telefone numerodetelefone telefonecomercial numeroditelefono telefonoufficio telefoonnummer numertelefonu nrtelefonu arbetstelefon arbejdstelefon jobbtelefon arbeidstelefon puhelin puhelinnumero tyopuhelin telefonnicislo cislotelefonu rufnummer telnr telno festnetz tfn tfnnr telf telef festnetznummer landline weiterestelefon haupttelefon telefonzentrale switchboard telfixe fixe telephonefixe telfijo tlf tlfnr telbureau telburo telefonszam телефон 電話番号 電話 电话 전화 전화번호 phoneno telephoneno firstphone userphone userphonenumber telefonnr contactnumber phonenumbers phones τηλεφωνο 電話號碼 talrunis telefonas",
    ),
    (
        Means::Field(MobilePhone),
        "mobilephone mobile mobilenumber cellph mobilephonenumber cell cellphone cellphonenumber cellular \
         homemobile workmobile phonemobile mobiltelefon mobilnummer handy handynummer mobil \
         telephonemobile telephoneportable portable movil telefonomovil celular telefonocelular telemovel telefonecelular telefonemovel cellulare telefonocellulare telefonino mobiel mobielnummer mobielenummer gsm komorka telefonkomorkowy numerkomorkowy mobielnr telkom telkomorkowy nrkomorki nrtelkom matkapuhelin matkapuhelinnumero kannykka mobilnitelefon mobilnicislo mobiltelnr mobilnr mobiltel handynr mobilfunk mobilrufnummer whatsapp whatsappnumber ceptelefonu mobiltelefonszam mobiltelszam мобильныйтелефон мобильный 携帯電話 携帯番号 手机 手机号 手机号码 휴대폰 휴대전화 mobileno cellno smsnumber sms mobieletelefoon mob mobno iphone phoneiphone gsmnummer telefoonmobiel cellnumber κινητο κινητοτηλεφωνο 手機 手機號碼 行動電話 mobilustelefonas mobilus mobilais mobilaistalrunis mobiiltelefon",
    ),
    (
        Means::Field(HomePhone),
        "homephone homeph phonehome homephonenumber privatephone homephone2 telefonprivat privattelefon \
         telephonedomicile telephonepersonnel telefonodecasa telefonoparticular kotipuhelin telefondomu telefondomowy hemtelefon hjemmetelefon telefoonthuis telefoonprive telefonecasa telefonoabitazione telefonocasa telefoneresidencial teldomicile telprive",
    ),
    (
        Means::Field(Fax),
        "fax faxnumber businessfax workfax homefax otherfax faxgeschaftlich faxnummer telefax telecopie \
         numerodefax faksi faks numerfaksu numerofax faxnr telefaks faxnum telecopieur phoneworkfax phonehomefax phonefax phoneotherfax telfax факс 传真 fax番号 ファックス",
    ),
    (
        Means::Address(0, AddressLine1),
        "addressline1 address1 addr1 addrline1 streetaddress street address businessstreet workstreet workaddress \
         businessaddress mailingstreet mailingaddress  streetaddress1 strasse \
         strassehausnummer strasseundhausnummer anschrift adresse adresse1 adresszeile1 rue \
         adressepostale lignedadresse1 direccion direccion1 calle domicilio strassegeschaftlich rua logradouro endereco morada endereco1 indirizzo via indirizzo1 straat adres straatnaam straatenhuisnummer adresregel1 ulica ulicainr ulicanr ulicainumer adres1 adress gatuadress gata postadress adress1 vejnavn gade vej gateadresse gate osoite katuosoite lahiosoite adresa ulice ulicecp strassenr strassehausnr strassenname strasseuhausnr strasseuhausnummer strasseunr adresszeile addressline address1street streetaddressline1 streetname direccionpostal enderecocompleto indirizzocompleto adresi cim адрес улица 住所 住所1 地址 주소 streetandnumber ulicainrdomu utca postaladdress 番地 διευθυνση adrese adresas aadress",
    ),
    (
        Means::Address(0, AddressLine2),
        "addressline2 address2 addr2 addrline2 businessstreet2 workaddress2 streetaddress2 adresszusatz adresszeile2 \
         adresse2 complementdadresse complementadresse direccion2 apartment suite unit toevoeging complemento complement indirizzo2 adres2 adress2 endereco2 adresregel2 tillaggsadress strasse2 strassezusatz streetaddressline2 flat apt floor building address3 addressline3 street3 nrlokalu numerlokalu bairro colonia barrio addressline2districtneighborhood 住所2 建物名 wohnung",
    ),
    (
        Means::Address(0, City),
        "city town businesscity workcity mailingcity locality  ort stadt wohnort ville \
         localite ciudad poblacion localidad ortgeschaftlich cidade localidade municipio citta comune commune localita plaats woonplaats stad miasto miejscowosc postort by bynavn postdistrikt poststed sted kaupunki postitoimipaikka paikkakunta mesto obec suburb municipality gemeinde sehir varos oras grad telepules город 市区町村 市 城市 도시 towncity cityname citynm citytown ortschaft πολη miestas pilseta linn 縣市",
    ),
    (
        Means::Address(0, State),
        "state stateregion stateprovince province region businessstate workstate mailingstate \
         mailingstateprovince county bundesland bundeslandkanton kanton etat provincia estado \
         comunidadautonoma regionbundesland regione provincie wojewodztwo lan fylke maakunta distrito uf prov statecd provincecode statecode regioncode stateprovincecode stateorprovince stateprovinceregion stateprovinceregioncountyterritoryprefecturerepublic judet megye depregion provincestate область регион 都道府県 省份 省 stateregionprovince provinciaoestado provinciaestado",
    ),
    (
        Means::Address(0, PostalCode),
        "postalcode zip zipcode zipcd postcode businesspostalcode workzip workzipcode workpostalcode mailingzip \
         mailingpostalcode mailingzippostalcode zippostalcode plz postleitzahl codepostal codigopostal cp \
         postleitzahlgeschaftlich cep cap codicepostale kodpocztowy postnummer postnr postinumero psc postzip ziporpostalcode pincode eircode postinro postinr postakodu iranyitoszam codpostal codulpostal индекс почтовыйиндекс 郵便番号 邮编 邮政编码 우편번호 zipcodepostalcode zippostcode postcodezip ταχυδρομικοσκωδικας τκ 郵遞區號 pastaindekss pastokodas postiindeks",
    ),
    (
        Means::Address(0, Country),
        "country countryregion countryname countrycode cntrycd countrycd businesscountry businesscountryregion workcountry \
         mailingcountry land landregion staat pays paysregion pais paisregion paese nazione panstwo kraj maa zeme countryterritory countryorregion countryregioncode staatland nation landregio ulke orszag tara drzava krajina страна 国 国家 국가 stat countryregionname χωρα valsts salis valstybe riik 國家 lkz landerkennzeichen laenderkennzeichen",
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
        "gebam nele neele natoil natail birthday datanasc dtnasc dtnascimento fechanac fechanacim birthdate dateofbirth dob bday geburtstag geburtsdatum datedenaissance anniversaire \
         fechadenacimiento cumpleanos datadenascimento nascimento aniversario datadinascita compleanno geboortedatum verjaardag dataurodzenia urodziny fodelsedatum fodelsedag fodselsdato fodselsdag syntymaaika syntymapaiva datumnarozeni narozeniny gebdatum gebdat nacimiento naissance born dogumtarihi geb geboren geborenam fodd fodt narozen narozena syntynyt urodzony nascido nacido szuletesidatum datanasterii датарождения деньрождения 生年月日 生日 출생일 생년월일 datenaissance fechanacimiento datanascimento",
    ),
    (
        Means::BirthYear,
        "birthyear yearofbirth geburtsjahr anneedenaissance fodelsear annodinascita geboortejaar rokurodzenia",
    ),
    (Means::BirthMonth, "birthmonth monthofbirth geburtsmonat"),
    (Means::BirthDay, "birthdayofmonth dayofbirth"),
    (
        Means::Field(Gender),
        "gender sex geschlecht sexe genre sexo genero sesso genere geslacht plec kon kjonn sukupuoli pohlavi cinsiyet пол 性別 性别 성별",
    ),
    (
        Means::Field(Language),
        "language preferredlanguage locale lang sprache langue idioma lengua lingua taal jezyk sprak sprog kieli jazyk preferredlang correspondencelanguage korrespondenzsprache",
    ),
    (
        Means::Field(Source),
        "source leadsource contactsource originalsource quelle herkunft leadquelle origine origen fuente fonte origem bron zrodlo kalla kilde lahde zdroj howdidyouhear leadorigin sourceduprospect origenprospecto leadbron",
    ),
    (
        Means::Field(Campaign),
        "campaign campaignname lastcampaign kampagne campagne campana campanha campagna kampania kampanj kampanje kampan kampanja",
    ),
    (
        Means::Field(Status),
        "status leadstatus contactstatus lifecyclestage statut estadodellead lifecyclephase statutduprospect phaseducycledevie",
    ),
    (
        Means::Field(Owner),
        "owner contactowner leadowner accountowner ownername assignedto salesrep besitzer inhaber \
         kontaktinhaber zustandig betreuer proprietaire responsable propietario propietariodelcontacto verantwortlich ansprechpartnerintern accountmanager eigenaar wlasciciel omistaja vlastnik zustandigermitarbeiter kontaktverantwortlicher proprietaireducontact",
    ),
    (
        Means::Field(Notes),
        "notes note annotazioni merknader comments comment description remarks notizen notiz bemerkung bemerkungen kommentar \
         anmerkung remarque remarques commentaire commentaires notas nota observaciones comentarios osservazioni commenti notities opmerkingen opmerking aantekeningen notatki uwagi notatka komentarz anteckningar anteckning kommentarer noter bemaerkninger notater merknad muistiinpanot huomautukset lisatiedot kommentti poznamka poznamky observacoes comentario beschreibung megjegyzes aciklama notlar memo комментарий примечание 備考 メモ 备注 비고",
    ),
    (
        Means::Consent(ConsentColumn::Status),
        "marketingcontactstatus subscriptionstatus emailsubscriptionstatus emailmarketingstatus \
         emailmarketing marketingstatus emailstatus optinstatus newsletterstatus subscriberstatus \
         emailpermissionstatus mailingstatus abonnementstatus consentstatus emailmarketingconsent",
    ),
    (Means::Reason, "leadferryerror"),
    (Means::Own, "leadferryid"),
];

/// Returns what a folded column name means, and how far down its list of names it stands.
pub(crate) fn meaning(folded: &str) -> Option<(Means, usize)> {
    let bare = without_marks(folded);
    listed(bare)
        .or_else(|| numbered(bare))
        .or_else(|| qualified(bare, DEEPEST))
}

fn listed(folded: &str) -> Option<(Means, usize)> {
    static INDEX: OnceLock<HashMap<String, (Means, usize)>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let ranked = |(at, (means, names)): (usize, &'static (Means, &'static str))| {
            let earlier = NAMES[..at].iter().filter(|entry| entry.0 == *means);
            let first = LATER_ENTRY * earlier.count();
            let ranks = (first..).zip(names.split_whitespace());
            // Signs of other scripts come apart when they are folded.
            ranks.map(|(rank, name)| (fold(name), (*means, rank)))
        };
        NAMES.iter().enumerate().flat_map(ranked).collect()
    });
    index.get(folded).copied()
}

/// Words between others, as in *Calle del trabajo*.
const FILLERS: &[&str] = &[
    "de", "del", "della", "di", "do", "da", "du", "des", "la", "le", "op", "van", "of", "the",
    "no", "o",
];

/// Returns what a column name means as it stands in a file.
pub(crate) fn meaning_of(name: &str) -> Option<(Means, usize)> {
    let name = without_number(name);
    // Salesforce ends the names of custom fields so.
    let name = name.strip_suffix("__c").unwrap_or(name);
    if names_two_fields(name) {
        return None;
    }
    meaning(&fold(name))
        .or_else(|| joined_names::order(name).map(|_| (Means::FullName, JOINED)))
        .or_else(|| meaning_of_words(name))
        .or_else(|| meaning(&fold(without_hint(name)?)))
        .or_else(|| meaning_twice(name))
}

/// Takes off the number of a question: *1. First name*, *Q2: Email*.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start().trim_start_matches(['Q', 'q']);
    let figures = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match figures.strip_prefix(['.', ')', ':']) {
        Some(bare) if figures.len() < rest.len() => bare.trim_start(),
        _ => name,
    }
}

/// Reads a name in two languages: *Vorname / First name*, *Ort (City)*.
fn meaning_twice(name: &str) -> Option<(Means, usize)> {
    let parts = name.split(['/', '|', '(', ')', '\n']).map(fold);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let [one, other] = parts.as_slice() else {
        return None;
    };
    let (one, other) = (meaning(one)?, meaning(other)?);
    // *Name* is the last one beside a word that says so.
    let is_same = one.0 == other.0 || other.0 == Means::FullName && names_a_person(one.0);
    is_same.then_some(one)
}

/// Tells whether a name is those of two fields, as in *Firma / Ort*: its cells hold both.
fn names_two_fields(name: &str) -> bool {
    let parts: Vec<&str> = name.split(['/', '+', '&']).collect();
    let known = |part: &str| listed(&fold(part)).map(|found| found.0);
    match parts.as_slice() {
        [one, two] if listed(&fold(name)).is_none() => {
            matches!((known(one), known(two)), (Some(one), Some(two)) if one != two && is_of_person(one) != is_of_person(two))
        }
        _ => false,
    }
}

/// Takes off what a form says in brackets of how a field is filled: *Birthday (dd/mm/yyyy)*, *Notes [max. 500]*.
fn without_hint(name: &str) -> Option<&str> {
    let name = name.trim_end();
    let open = match name.chars().next_back()? {
        ')' => '(',
        ']' => '[',
        _ => return None,
    };
    let (bare, hint) = name.split_at(name.rfind(open)?);
    // A name in brackets says what is meant, as in *Name (Company)*.
    let first = hint.trim_start_matches(open).split_whitespace().next();
    let explains = first.is_some_and(|word| EXPLAINING.contains(&fold(word).as_str()));
    let is_hint =
        explains || hint.contains(|letter: char| letter.is_ascii_digit()) || is_date_form(hint);
    is_hint.then_some(bare)
}

/// Words with which such a hint begins, folded.
const EXPLAINING: &[&str] = &[
    "mit", "ohne", "inkl", "wie", "falls", "bitte", "ggf", "zb", "incl", "with", "without", "as",
    "if", "please", "eg", "avec", "sans", "si", "con", "sin", "senza", "met", "zonder", "com",
    "sem", "text", "string", "varchar", "char", "freitext", "zeichen", "pflicht", "muss",
    "required", "optional",
];

fn is_date_form(hint: &str) -> bool {
    let letters = hint.chars().filter(|letter| letter.is_alphabetic());
    let form: String = letters.flat_map(char::to_lowercase).collect();
    form.len() > 3 && form.chars().all(|letter| "dmyjtahg".contains(letter))
}

fn meaning_of_words(name: &str) -> Option<(Means, usize)> {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .map(fold)
        .filter(|word| !word.is_empty() && !FILLERS.contains(&word.as_str()))
        .collect();
    meaning(&words.concat())
}

/// What forms add to a name to say whether the field has to be filled.
const MARKS: &[&str] = &[
    "required",
    "optional",
    "mandatory",
    "pflichtfeld",
    "pflichtangabe",
    "obligatoire",
    "facultatif",
    "obligatorio",
    "opcional",
    "obbligatorio",
    "facoltativo",
    "verplicht",
    "optioneel",
    "wymagane",
    "obligatorisk",
    "pakollinen",
    "povinne",
];

fn without_marks(folded: &str) -> &str {
    let bare = MARKS.iter().find_map(|mark| folded.strip_suffix(mark));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(folded)
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
        ("email", "value" | "address" | "adresse" | "adres") => Means::Email,
        ("phone", "value") => Means::Phone(number),
        ("phone", "type" | "label") => Means::PhoneKind(number),
        ("address", "street" | "street1") => address(AddressLine1),
        ("address", "extendedaddress" | "street2" | "street3") => address(AddressLine2),
        ("address", "city") => address(City),
        ("address", "region" | "state" | "stateregion" | "stateprovince" | "province") => {
            address(State)
        }
        ("address", "postalcode" | "zip" | "zipcode" | "zippostalcode" | "postcode") => {
            address(PostalCode)
        }
        ("address", "country" | "countryregion") => address(Country),
        _ => return None,
    };
    // Google's columns are numbered from the first one; elsewhere a number marks one more.
    let rank = match part {
        "address" | "adresse" | "adres" => SECOND,
        _ => 0,
    };
    Some((means, rank + usize::from(number)))
}

/// Most words around a name: *Default Address City* has two.
const DEEPEST: u8 = 2;
/// A name with a word around it counts less than one that is listed, and one for a second value less than that.
const QUALIFIED: usize = 50;
const SECOND: usize = 100;
/// An email at work identifies somebody before that of the company, one at home, and any further one.
const LATER_ENTRY: usize = 200;
/// A name that names both parts of a person's name, as in *Last name, First name*.
const JOINED: usize = 30;
/// From this rank on a column is about the customer as a bill has it, and from the next one about whoever paid: they count
/// only where the file names nobody else.
pub(crate) const STAND_IN: usize = 1_000;
pub(crate) const BUYER: usize = 2_000;

/// What a word around a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Qualifier {
    /// Nothing: *Address City* is the city.
    Plain,
    /// What is at work has no name of a person: *Office name* is that of the office.
    Work,
    /// When somebody can be called.
    Daytime,
    /// In front it says nothing; behind, it is what the column holds: *Company Address* is no company.
    Head,
    /// Those whom a list of an event or a survey is about.
    Guest,
    /// Whoever paid, who may be somebody else.
    Buyer,
    /// The company's, which reaches the contact as well.
    Company,
    Home,
    Other,
    Billing,
    Shipping,
    Mobile,
    /// One more of what another column holds.
    Second,
}

/// Words around names. They may hold one another, so that the longest counts.
const QUALIFIERS: &[(Qualifier, &str)] = &[
    (
        Qualifier::Plain,
        "primary primare primaire principal principale main default standard haupt \
         customer kunde kunden lead po your dein deine ihr ihre votre custom premiere",
    ),
    (
        Qualifier::Work,
        "work business office direct corporate professional dienstlich dienstliche dienstl geschaftlich geschaftliche geschaftl gesch beruflich \
         berufliche arbeit bureau professionnel professionnelle pro trabajo laboral profesional corporativo corporativa \
         profissional comercial lavoro lavorativa lavorativo professionale aziendale ufficio zakelijk zakelijke werk \
         sluzbowy sluzbowa arbete arbets arbejde arbejds arbeids jobb tyo pracovni firemni buro uff arb mailing postal \
         postanschrift",
    ),
    (Qualifier::Daytime, "day daytime"),
    (
        Qualifier::Head,
        "address adresse adres anschrift mail contact kontakt person ansprechp",
    ),
    (
        Qualifier::Guest,
        "attendee invitee registrant participant subscriber respondent visitor guest teilnehmer gast inscrit participante partecipante deelnemer",
    ),
    (
        Qualifier::Buyer,
        "buyer payer purchaser kaufer besteller acheteur comprador acquirente",
    ),
    (
        Qualifier::Company,
        "company firma firmen unternehmens empresa organization organisation entreprise azienda bedrijf societe account",
    ),
    (
        Qualifier::Home,
        "home private personal personale pessoal privat priv prive personnel personnelle domicile particular casa thuis domowy \
         prywatny prywatna osobni soukromy henkilokohtainen hem hjem koti domu privato eve evening",
    ),
    (
        Qualifier::Other,
        "other weitere weiteres weiterer autre otro otra altro andere",
    ),
    (
        Qualifier::Billing,
        "billing card bill rechnungsanschrift rechnung rechnungs rechnungsadresse facturation facturacion invoice factuur",
    ),
    (
        Qualifier::Shipping,
        "shipping ship delivery lieferanschrift liefer lieferadresse lieferung livraison envio spedizione levering",
    ),
    (
        Qualifier::Mobile,
        "mobile mobil cell cellular handy movil portable gsm mobiel cellulare celular",
    ),
    (
        Qualifier::Second,
        "secondary second sekundare secondaire secundario secundaria alternate alternative additional zusatzliche zweite",
    ),
];

/// Reads a name with a word around it, or a number behind it.
fn qualified(folded: &str, deepest: u8) -> Option<(Means, usize)> {
    let (name, number) = split_number(folded);
    if let (Some(number), Some((means, rank))) = (number, listed(name)) {
        let means = second_line(means, number);
        return is_repeatable(means).then_some((means, rank + QUALIFIED + number));
    }
    if deepest == 0 {
        return None;
    }
    let words = QUALIFIERS
        .iter()
        .flat_map(|(qualifier, words)| words.split_whitespace().map(|word| (*qualifier, word)));
    let mut found: Vec<_> = words
        .filter_map(|(qualifier, word)| {
            let (rest, is_behind) = match name.strip_prefix(word) {
                Some(rest) => (rest, false),
                None => (name.strip_suffix(word)?, true),
            };
            (rest.len() > 1).then_some((word.len(), qualifier, rest, is_behind))
        })
        .collect();
    found.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    found
        .into_iter()
        .find_map(|(_, qualifier, rest, is_behind)| {
            let rest = match number {
                Some(number) => format!("{rest}{number}"),
                None => rest.to_owned(),
            };
            let (means, rank) = listed(&rest).or_else(|| qualified(&rest, deepest - 1))?;
            if is_behind && qualifier == Qualifier::Head && !may_stand_before(means) {
                return None;
            }
            Some((
                at_place(means, qualifier)?,
                rank + penalty(qualifier, means),
            ))
        })
}

/// Takes a small number off the end of a name.
fn split_number(folded: &str) -> (&str, Option<usize>) {
    let digits = folded.len()
        - folded
            .trim_end_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let (name, number) = folded.split_at(folded.len() - digits);
    match number.parse() {
        Ok(number @ 1..=9) if !name.is_empty() => (name, Some(number)),
        _ => (folded, None),
    }
}

/// A second street is the second line of the address.
fn second_line(means: Means, number: usize) -> Means {
    match means {
        Means::Address(group, AddressLine1) if number > 1 => Means::Address(group, AddressLine2),
        means => means,
    }
}

/// People have several of these.
fn is_repeatable(means: Means) -> bool {
    matches!(
        means,
        Means::Email
            | Means::Address(..)
            | Means::Field(
                BusinessPhone
                    | MobilePhone
                    | HomePhone
                    | Fax
                    | Website
                    | Notes
                    | CompanyName
                    | JobTitle
            )
    )
}

fn names_someone(means: Means) -> bool {
    names_a_person(means) || means == Means::Email
}

fn names_a_person(means: Means) -> bool {
    let is_part = matches!(
        means,
        Means::Field(Salutation | FirstName | MiddleName | LastName)
    );
    is_part || means == Means::FullName
}

/// Tells whether a folded name is that of a person's name or email.
pub(crate) fn names_somebody(folded: &str) -> bool {
    let names = |(means, rank): (Means, usize)| {
        let is_name = means != Means::Field(Salutation) && names_someone(means);
        is_name && rank < STAND_IN
    };
    meaning(folded).is_some_and(names)
}

/// Tells whether a meaning is about who somebody is, and how to reach them.
pub(crate) fn is_of_person(means: Means) -> bool {
    matches!(
        means,
        Means::Email
            | Means::FullName
            | Means::Field(
                Salutation
                    | FirstName
                    | MiddleName
                    | LastName
                    | CompanyName
                    | JobTitle
                    | BusinessPhone
                    | MobilePhone
                    | HomePhone
            )
    )
}

/// Tells whether a column may be named so before *address* or *contact*: *Email address*, *Téléphone contact*. The address
/// of a company is no company, and its contact is somebody.
fn may_stand_before(means: Means) -> bool {
    !matches!(
        means,
        Means::Field(CompanyName | Department | Source | Campaign | Status | Owner | Notes)
    )
}

fn penalty(qualifier: Qualifier, means: Means) -> usize {
    let is_email = means == Means::Email;
    match qualifier {
        Qualifier::Company if is_email => LATER_ENTRY,
        Qualifier::Home if is_email => 2 * LATER_ENTRY,
        Qualifier::Second | Qualifier::Other if is_email => 3 * LATER_ENTRY,
        Qualifier::Plain
        | Qualifier::Work
        | Qualifier::Daytime
        | Qualifier::Head
        | Qualifier::Guest => QUALIFIED,
        Qualifier::Company => QUALIFIED + 20,
        // A shop has the company and phone number of a customer with the bill.
        Qualifier::Billing if !names_someone(means) => SECOND,
        Qualifier::Billing => STAND_IN,
        Qualifier::Buyer => BUYER,
        Qualifier::Second | Qualifier::Other => SECOND,
        _ => QUALIFIED + 1,
    }
}

/// Returns what a name means with a word around it; nothing where the two make no sense together.
fn at_place(means: Means, qualifier: Qualifier) -> Option<Means> {
    use Qualifier::{
        Billing, Buyer, Company, Daytime, Guest, Head, Home, Mobile, Other, Plain, Second,
        Shipping, Work,
    };
    let moved = |group| match (means, group) {
        (Means::Address(0, field), group) => Some(Means::Address(group, field)),
        (Means::HouseNumber(0), group) => Some(Means::HouseNumber(group)),
        (Means::PostalCity(0), group) => Some(Means::PostalCity(group)),
        _ => None,
    };
    let is_contact_data = is_repeatable(means) && !matches!(means, Means::Field(Notes | JobTitle));
    match (qualifier, means) {
        (Work, means) if names_a_person(means) => None,
        (Plain | Head | Work, means) => Some(means),
        (Daytime, means) => (means == Means::Field(BusinessPhone)).then_some(means),
        (Guest | Buyer | Billing, means) if is_of_person(means) => Some(means),
        (Company, Means::Address(..) | Means::HouseNumber(_) | Means::PostalCity(_)) => {
            moved(COMPANY)
        }
        (Home, Means::Field(BusinessPhone)) => Some(Means::Field(HomePhone)),
        (Mobile, Means::Field(BusinessPhone | MobilePhone)) => Some(Means::Field(MobilePhone)),
        (Mobile, _) => None,
        (Home, Means::Address(..) | Means::HouseNumber(_) | Means::PostalCity(_)) => moved(HOME),
        (Other, Means::Address(..) | Means::HouseNumber(_) | Means::PostalCity(_)) => moved(OTHER),
        (Billing, Means::Address(..) | Means::HouseNumber(_) | Means::PostalCity(_)) => {
            moved(BILLING)
        }
        (Shipping, Means::Address(..) | Means::HouseNumber(_) | Means::PostalCity(_)) => {
            moved(SHIPPING)
        }
        (Billing | Shipping | Guest | Buyer, _) => None,
        (Company | Home | Other | Second, means) => is_contact_data.then_some(means),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::consent;

    #[test]
    fn no_name_stands_twice_and_all_are_folded() {
        let mut seen = std::collections::HashSet::new();
        for name in NAMES.iter().flat_map(|(_, names)| names.split_whitespace()) {
            assert!(
                fold(name) == name || !name.is_ascii(),
                "{name} is not folded"
            );
            assert!(seen.insert(fold(name)), "{name} stands twice");
        }
    }

    #[test]
    fn our_own_words_for_fields_are_known() {
        let unknown: Vec<_> = ContactField::BUILT_IN
            .iter()
            .filter(|field| !matches!(field, CreatedAt | ChangedAt))
            .filter_map(|field| field.built_in_name())
            .map(crate::labels::field)
            .map(|label| fold(&label))
            .filter(|label| meaning(label).is_none() && consent::column(label).is_none())
            .collect();
        assert_eq!(unknown, Vec::<String>::new());
    }

    #[test]
    fn words_and_marks_around_a_name_are_understood() {
        let field = |field| Some(Means::Field(field));
        let address = |group, field| Some(Means::Address(group, field));
        let cases = [
            ("E-mail (required)", Some(Means::Email)),
            ("* Last name", field(LastName)),
            ("Vorname (Pflichtfeld)", field(FirstName)),
            ("Primäre E-Mail-Adresse", Some(Means::Email)),
            ("E-Mail 2: Adresse", Some(Means::Email)),
            ("E-Mail 2: Typ", None),
            ("Tel. dienstlich", field(BusinessPhone)),
            ("Tel. privat", field(HomePhone)),
            ("Work Ph.", field(BusinessPhone)),
            ("Data Nasc.", field(Birthday)),
            ("House Name/No", Some(Means::HouseNumber(0))),
            ("Telefon (mobil)", field(MobilePhone)),
            ("Telefon geschäftlich 2", field(BusinessPhone)),
            ("Mobil-Tel.-Nr.", field(MobilePhone)),
            ("Tel. dienstl.", field(BusinessPhone)),
            ("E-Mail priv.", Some(Means::Email)),
            ("Tél. pro", field(BusinessPhone)),
            ("Tfn arbete", field(BusinessPhone)),
            ("Tel. kom.", field(MobilePhone)),
            ("Geb.", field(Birthday)),
            ("Född", field(Birthday)),
            ("Ulica i nr", address(0, AddressLine1)),
            ("Postinro", address(0, PostalCode)),
            ("Address 1: ZIP/Postal Code", address(0, PostalCode)),
            ("Address 1: Country/Region", address(0, Country)),
            ("Privat: Adresse", address(HOME, AddressLine1)),
            ("Privat: Adresse 2", address(HOME, AddressLine2)),
            ("Dienstlich: PLZ", address(0, PostalCode)),
            ("Land/Region geschäftlich", address(0, Country)),
            ("Bundesland/Kanton privat", address(HOME, State)),
            ("Straße geschäftlich 3", address(0, AddressLine2)),
            ("Default Address Province Code", address(0, State)),
            ("Default Address Zip", address(0, PostalCode)),
            ("Default Address Company", field(CompanyName)),
            ("Home Address 1", address(HOME, AddressLine1)),
            ("Billing City", address(BILLING, City)),
            ("Shipping Address 2", address(SHIPPING, AddressLine2)),
            ("Company / Account", field(CompanyName)),
            ("Webseite 2", field(Website)),
            ("Geb.-Datum", field(Birthday)),
            ("Straße/Nr.", address(0, AddressLine1)),
            ("Hausnummer", Some(Means::HouseNumber(0))),
            ("Street Number", Some(Means::HouseNumber(0))),
            ("Tussenvoegsel", Some(Means::LastNamePrefix)),
            ("Buyer Email", Some(Means::Email)),
            ("billing_first_name", field(FirstName)),
            ("Attendee first name", field(FirstName)),
            ("Attendee Status", None),
            ("Segundo apellido", Some(Means::SecondLastName)),
            ("PLZ/Ort", Some(Means::PostalCity(0))),
            ("氏名", Some(Means::FullName)),
            ("Фамилия", field(LastName)),
            ("メールアドレス", Some(Means::Email)),
            ("Company Address", address(COMPANY, AddressLine1)),
            ("Firma Adresse", address(COMPANY, AddressLine1)),
            ("Account Address 2", address(COMPANY, AddressLine2)),
            ("Adresse entreprise", address(COMPANY, AddressLine1)),
            ("Dirección empresa", address(COMPANY, AddressLine1)),
            ("Firmenadresse", address(COMPANY, AddressLine1)),
            ("Company Mail", Some(Means::Email)),
            ("Company contact", None),
            ("Department contact", None),
            ("Name (First)", field(FirstName)),
            ("Name (Last)", field(LastName)),
            ("Name day", None),
            ("City day", None),
            ("Office name", None),
            ("Business name", field(CompanyName)),
            ("Phone (day)", field(BusinessPhone)),
            ("Téléphone contact", field(BusinessPhone)),
            ("Company Description", None),
            ("Home Status", None),
            ("First Name 2", None),
            ("Order #", None),
            ("Lead Score", None),
            ("Work Order", None),
            ("Privat", None),
            ("Company Address", address(COMPANY, AddressLine1)),
            ("Firma Adresse", address(COMPANY, AddressLine1)),
            ("Name day", None),
            ("Phone (daytime)", field(BusinessPhone)),
        ];
        for (name, means) in cases {
            let found = meaning(&fold(name)).map(|found| found.0);
            assert_eq!(found, means, "{name}");
        }
    }

    #[test]
    fn people_are_named_in_thirteen_languages() {
        let headers = [
            "First name;Last name;Email;Phone;City;Postal code;Company;Birthday",
            "Vorname;Nachname;E-Mail-Adresse;Telefon;Ort;PLZ;Firma;Geburtsdatum",
            "Prénom;Nom;Adresse e-mail;Téléphone;Ville;Code postal;Société;Date de naissance",
            "Nombre;Apellidos;Correo electrónico;Teléfono;Ciudad;Código postal;Empresa;Fecha de nacimiento",
            "Primeiro nome;Sobrenome;E-mail;Telefone;Cidade;CEP;Empresa;Data de nascimento",
            "Nome;Cognome;Indirizzo e-mail;Telefono;Città;CAP;Azienda;Data di nascita",
            "Voornaam;Achternaam;E-mailadres;Telefoonnummer;Plaats;Postcode;Bedrijf;Geboortedatum",
            "Imię;Nazwisko;Adres e-mail;Numer telefonu;Miasto;Kod pocztowy;Nazwa firmy;Data urodzenia",
            "Förnamn;Efternamn;E-postadress;Telefonnummer;Ort;Postnummer;Företag;Födelsedatum",
            "Fornavn;Efternavn;E-mailadresse;Telefonnummer;By;Postnr.;Virksomhed;Fødselsdato",
            "Fornavn;Etternavn;E-postadresse;Telefon;Poststed;Postnummer;Bedrift;Fødselsdato",
            "Etunimi;Sukunimi;Sähköpostiosoite;Puhelinnumero;Postitoimipaikka;Postinumero;Yritys;Syntymäaika",
            "Jméno;Příjmení;E-mailová adresa;Telefonní číslo;Město;PSČ;Společnost;Datum narození",
        ];
        let expected = [
            Means::Field(FirstName),
            Means::Field(LastName),
            Means::Email,
            Means::Field(BusinessPhone),
            Means::Address(0, City),
            Means::Address(0, PostalCode),
            Means::Field(CompanyName),
            Means::Field(Birthday),
        ];
        for header in headers {
            for (name, means) in header.split(';').zip(expected) {
                let found = meaning(&fold(name)).map(|found| found.0);
                assert_eq!(found, Some(means), "{name}");
            }
        }
    }

    #[test]
    fn hints_in_brackets_say_how_a_field_is_filled() {
        for (name, means) in [
            ("Date of birth (dd/mm/yyyy)", Some(Means::Field(Birthday))),
            ("Geburtsdatum (TT.MM.JJJJ)", Some(Means::Field(Birthday))),
            ("last_name__c", Some(Means::Field(LastName))),
            ("Notes (max. 500)", Some(Means::Field(Notes))),
            ("Email [max 80]", Some(Means::Email)),
            ("Vorname [Text]", Some(Means::Field(FirstName))),
            ("Last name (string)", Some(Means::Field(LastName))),
            ("geb. am", Some(Means::Field(Birthday))),
            ("Né le", Some(Means::Field(Birthday))),
            ("Nato il", Some(Means::Field(Birthday))),
            ("Annotazioni", Some(Means::Field(Notes))),
            ("Merknader", Some(Means::Field(Notes))),
            ("Straße u. Hausnr.", Some(Means::Address(0, AddressLine1))),
            ("Commune", Some(Means::Address(0, City))),
            ("Sig./Sig.ra", Some(Means::Field(Salutation))),
            ("Name (Manager)", None),
            ("Firma / Ort", None),
            ("Vorname / First name", Some(Means::Field(FirstName))),
            ("Nachname / Last name", Some(Means::Field(LastName))),
            ("Ort (City)", Some(Means::Address(0, City))),
            ("Telefon / Phone", Some(Means::Field(BusinessPhone))),
            ("1. Vorname", Some(Means::Field(FirstName))),
            ("Q2: Email", Some(Means::Email)),
            ("Telefon (mit Vorwahl)", Some(Means::Field(BusinessPhone))),
            ("Contactpersoon", Some(Means::FullName)),
            (
                "Postanschrift (Straße)",
                Some(Means::Address(0, AddressLine1)),
            ),
            ("Land/Region", Some(Means::Address(0, Country))),
        ] {
            assert_eq!(meaning_of(name).map(|found| found.0), means, "{name}");
        }
    }

    #[test]
    fn an_email_at_work_comes_before_those_of_the_company_at_home_and_elsewhere() {
        let rank = |name: &str| match meaning_of(name) {
            Some((Means::Email, rank)) => rank,
            other => panic!("{name} means {other:?}"),
        };
        for [work, company, home, other] in [
            ["Work Email", "Company Email", "Personal Email", "Email 2"],
            [
                "Direct Email",
                "Company Mail",
                "Home E-mail",
                "Other Email Address",
            ],
            [
                "Geschäftliche E-Mail",
                "E-Mail Firma",
                "Private E-Mail",
                "Zweite E-Mail",
            ],
            [
                "Dienstliche E-Mail-Adresse",
                "Firma E-Mail",
                "E-Mail (privat)",
                "Weitere E-Mail",
            ],
            [
                "E-mail professionnel",
                "E-mail société",
                "E-mail personnel",
                "Autre e-mail",
            ],
            [
                "Correo electrónico laboral",
                "Correo empresa",
                "Correo personal",
                "Otro correo",
            ],
        ] {
            let ranks = [work, company, home, other].map(rank);
            assert!(ranks.is_sorted(), "{work}: {ranks:?}");
            assert!(rank("Email") < ranks[0], "{work}");
            assert!(ranks[3] < STAND_IN, "{other}");
        }
    }

    #[test]
    fn people_are_named_in_greek_and_the_languages_of_the_baltic_states() {
        for (header, expected) in [
            (
                "Όνομα;Επώνυμο;Εταιρεία;Email;Κινητό;Πόλη;Χώρα",
                [MobilePhone, City, Country],
            ),
            (
                "Vārds;Uzvārds;Uzņēmums;E-pasts;Mobilais;Pilsēta;Valsts",
                [MobilePhone, City, Country],
            ),
            (
                "Vardas;Pavardė;Įmonė;El. paštas;Mobilus telefonas;Miestas;Šalis",
                [MobilePhone, City, Country],
            ),
            (
                "Eesnimi;Perekonnanimi;Ettevõte;E-post;Mobiiltelefon;Linn;Riik",
                [MobilePhone, City, Country],
            ),
        ] {
            let [mobile, city, country] = expected;
            let all = [
                Means::Field(FirstName),
                Means::Field(LastName),
                Means::Field(CompanyName),
                Means::Email,
                Means::Field(mobile),
                Means::Address(0, city),
                Means::Address(0, country),
            ];
            for (name, means) in header.split(';').zip(all) {
                let found = meaning_of(name).map(|found| found.0);
                assert_eq!(found, Some(means), "{name}");
            }
        }
    }

    #[test]
    fn more_names_of_programs_and_tools_are_known() {
        for (name, means) in [
            ("職稱", Means::Field(JobTitle)),
            ("手機", Means::Field(MobilePhone)),
            ("番地", Means::Address(0, AddressLine1)),
            ("Postcode en plaats", Means::PostalCity(0)),
            ("LKZ", Means::Address(0, Country)),
            ("Zugeordnetes Unternehmen", Means::Field(CompanyName)),
            ("Zuständiger Mitarbeiter", Means::Field(Owner)),
            ("Lifecycle-Phase", Means::Field(Status)),
            ("Provincia o estado de trabajo", Means::Address(0, State)),
            ("Strona sieci Web", Means::Field(Website)),
            ("Middelste naam", Means::Field(MiddleName)),
            ("Source du prospect", Means::Field(Source)),
            ("Abt.", Means::Field(Department)),
        ] {
            assert_eq!(meaning_of(name).map(|found| found.0), Some(means), "{name}");
        }
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
