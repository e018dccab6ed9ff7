//! `POST /services/Soap/u/{version}`: `login()` and `logout()`, for clients that can sign in in no other way.
//!
//! The rest of the SOAP API isn't imitated. Versions from 65.0 have no `login()`, and neither has this.

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::{BytesRef, Event};

use super::oauth::{Person, without_refresh};
use crate::built_in::CLIENT_ID;
use crate::http::{Answer, Call, Refused};
use crate::org::Org;

/// The first version that has no `login()`.
const FIRST_WITHOUT: u32 = 65;

/// Nesting that no honest request reaches.
const DEPTH: usize = 32;

/// What a request wants, with the texts of its elements by their local names.
#[derive(Debug, Default, PartialEq)]
struct Wish {
    /// The first element of the body.
    operation: String,
    /// Name and text of the elements that hold text alone.
    texts: Vec<(String, String)>,
}

/// A refusal in SOAP's own form.
struct Fault(&'static str, String);

/// Answers a call of the partner or enterprise API, `version` being such as `62.0`.
pub(super) fn answer(org: &Org, call: &Call, version: &str) -> Answer {
    if call.method != "POST" {
        return Refused::method(&call.method, "POST").answer();
    }
    match carry_out(org, call, version) {
        Ok(body) => envelope(200, &body),
        Err(Fault(code, message)) => {
            let answer = envelope(500, &fault(code, &message));
            if code == "INVALID_LOGIN" {
                answer.for_a_guess()
            } else {
                answer
            }
        }
    }
}

fn carry_out(org: &Org, call: &Call, version: &str) -> Result<String, Fault> {
    let number = super::versions::number(&format!("v{version}"));
    if super::versions::check(org, &format!("v{version}")).is_err() {
        let message = format!("Unsupported API version: {version}");
        return Err(Fault("UNSUPPORTED_API_VERSION", message));
    }
    let text = String::from_utf8_lossy(&call.body);
    let wish = read(&text).ok_or_else(|| {
        Fault(
            "MALFORMED_MESSAGE",
            "The message is not a SOAP envelope".to_owned(),
        )
    })?;
    match wish.operation.as_str() {
        "login" if number < FIRST_WITHOUT => login(org, call, version, &wish),
        "login" => {
            let message = format!(
                "SOAP API login() is not available in API version {version}. Use OAuth to sign in."
            );
            Err(Fault("INVALID_OPERATION", message))
        }
        "logout" => logout(org, &wish),
        other => {
            let message = format!("This practice org doesn't offer the SOAP operation {other}.");
            Err(Fault("INVALID_OPERATION", message))
        }
    }
}

fn login(org: &Org, call: &Call, version: &str, wish: &Wish) -> Result<String, Fault> {
    let (username, password) = (wish.text("username"), wish.text("password"));
    let user = org.user_with_password(username, password).map_err(broken)?;
    let Some(user) = user.filter(|user| user.is_active) else {
        let message = "Invalid username, password, security token; or user locked out.";
        return Err(Fault("INVALID_LOGIN", message.to_owned()));
    };
    org.act_as(Some(user.id.clone()));
    let app = org.app(CLIENT_ID).map_err(broken)?;
    let app = app.ok_or_else(|| broken("the built-in app is gone"))?;
    let scope = without_refresh(app.scopes.join(" "));
    let session = org.open_session(&app, &scope, None).map_err(broken)?;
    org.belongs_to(&session, &user.id).map_err(broken)?;
    let person = Person::read(org).map_err(broken)?;
    let (base, id, user) = (&call.base, &org.id, &user.id);
    let (name, full_name) = (escape(&person.username), escape(&person.name));
    let (email, time_zone) = (escape(&person.email), escape(&person.time_zone));
    let (language, locale) = (escape(&person.language), escape(&person.locale));
    let seconds = org.number("session_seconds", 7200).map_err(broken)?;
    Ok(format!(
        "<loginResponse><result><metadataServerUrl>{base}/services/Soap/m/{version}/{id}</metadataServerUrl>\
         <passwordExpired>false</passwordExpired><sandbox>false</sandbox>\
         <serverUrl>{base}/services/Soap/u/{version}/{id}</serverUrl><sessionId>{session}</sessionId>\
         <userId>{user}</userId><userInfo><organizationId>{id}</organizationId>\
         <organizationName>Practice Org</organizationName><sessionSecondsValid>{seconds}</sessionSecondsValid>\
         <userEmail>{email}</userEmail><userFullName>{full_name}</userFullName><userId>{user}</userId>\
         <userLanguage>{language}</userLanguage><userLocale>{locale}</userLocale><userName>{name}</userName>\
         <userTimeZone>{time_zone}</userTimeZone><userType>Standard</userType></userInfo></result></loginResponse>"
    ))
}

fn logout(org: &Org, wish: &Wish) -> Result<String, Fault> {
    if org.revoke(wish.text("sessionId")).map_err(broken)? {
        return Ok("<logoutResponse/>".to_owned());
    }
    let message = "Invalid Session ID found in SessionHeader: Illegal Session";
    Err(Fault("INVALID_SESSION_ID", message.to_owned()))
}

fn broken(error: impl std::fmt::Display) -> Fault {
    tracing::error!(%error, "a SOAP call failed");
    Fault(
        "UNKNOWN_EXCEPTION",
        "An unexpected error occurred.".to_owned(),
    )
}

fn fault(code: &str, message: &str) -> String {
    let message = escape(message);
    format!(
        "<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail>\
         <sf:fault xsi:type=\"sf:ApiFault\"><sf:exceptionCode>{code}</sf:exceptionCode>\
         <sf:exceptionMessage>{message}</sf:exceptionMessage></sf:fault></detail></soapenv:Fault>"
    )
}

fn envelope(status: u16, body: &str) -> Answer {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope \
         xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\" \
         xmlns:sf=\"urn:fault.partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    );
    Answer::text(status, "text/xml;charset=UTF-8", text).with("Cache-Control", "no-store")
}

/// Reads an envelope, whatever prefixes it uses; nothing if it isn't one.
fn read(text: &str) -> Option<Wish> {
    let mut reader = Reader::from_str(text);
    // One way for `<login/>` and `<login></login>`.
    reader.config_mut().expand_empty_elements = true;
    let mut path: Vec<String> = Vec::new();
    let (mut wish, mut held) = (Wish::default(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                path.push(element.local_name().as_ref().to_owned());
                held.clear();
                if path.len() > DEPTH {
                    return None;
                }
                wish.note(&path);
            }
            Event::Text(part) => held.push_str(&part.xml10_content()),
            Event::CData(part) => held.push_str(&part.xml10_content()),
            Event::GeneralRef(part) => held.push(character(&part)?),
            Event::End(_) => wish.texts.push((path.pop()?, std::mem::take(&mut held))),
            Event::Eof => return (path.is_empty() && !wish.operation.is_empty()).then_some(wish),
            // Entities of one's own are no part of SOAP.
            Event::DocType(_) => return None,
            _ => {}
        }
    }
}

impl Wish {
    /// The text of the first element of this name.
    fn text(&self, name: &str) -> &str {
        let found = self.texts.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    fn note(&mut self, path: &[String]) {
        if let [envelope, body, operation] = path
            && (envelope.as_str(), body.as_str()) == ("Envelope", "Body")
            && self.operation.is_empty()
        {
            self.operation.clone_from(operation);
        }
    }
}

/// The character that a reference stands for.
fn character(part: &BytesRef<'_>) -> Option<char> {
    match resolve_predefined_entity(part.as_ref()) {
        Some(known) => known.chars().next(),
        None => part.resolve_char_ref().ok()?,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_whatever_its_prefixes() {
        let text = "<?xml version=\"1.0\"?>\n<e:Envelope xmlns:e=\"x\"><e:Header/>\n<e:Body><n1:login xmlns:n1=\"y\">\
                    <n1:username>a&amp;b&#33;</n1:username><n1:password><![CDATA[<x>]]></n1:password></n1:login></e:Body></e:Envelope>";
        let wish = read(text).unwrap();
        assert_eq!(wish.operation, "login");
        assert_eq!(
            (wish.text("username"), wish.text("password")),
            ("a&b!", "<x>")
        );
    }

    #[test]
    fn anything_else_is_no_envelope() {
        for text in [
            "",
            "{}",
            "<a/>",
            "<Envelope><Body></Envelope>",
            "<Envelope><Body/></Envelope>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><Envelope><Body><login/></Body></Envelope>",
            "<Envelope><Body><login>&unknown;</login></Body></Envelope>",
            &"<a>".repeat(100),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
