//! Fields, operators and values in plain words.

use leadferry_store::Delivery;

/// Returns how far a contact has got, as the window says it.
pub(crate) fn delivery(state: Delivery) -> &'static str {
    match state {
        Delivery::Blocked => "Blocked",
        Delivery::GivenUp => "Failed",
        Delivery::Waiting => "Waiting",
        Delivery::Changed => "Changed since sent",
        Delivery::Linked => "Linked",
        Delivery::LeftOut => "Left out",
        Delivery::NotSent => "Not sent yet",
    }
}

/// Returns the label of a field under the name that rules and maps give it: `first_name` is *First name*,
/// `account:city` is *Company city*, `custom:Seats` is *Seats*.
pub(crate) fn field(name: &str) -> String {
    if let Some(own) = name.strip_prefix("custom:") {
        return own.trim().to_owned();
    }
    if let Some(field) = name.strip_prefix("account:") {
        let label = field.trim().replace('_', " ");
        return match label.as_str() {
            "name" => "Company name (account)".to_owned(),
            _ => format!("Company {label}"),
        };
    }
    match name {
        "email" => return "Email".to_owned(),
        "email_2" => return "Second email".to_owned(),
        "address_line1" => return "Address line 1".to_owned(),
        "address_line2" => return "Address line 2".to_owned(),
        "email_opt_out" => return "Opted out of email".to_owned(),
        "phone_opt_out" => return "Opted out of phone calls".to_owned(),
        "fax_opt_out" => return "Opted out of fax".to_owned(),
        "created_at" => return "Created".to_owned(),
        "changed_at" => return "Changed".to_owned(),
        _ => {}
    }
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get(..1).map(str::to_uppercase) {
        words.replace_range(..1, &first);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_read_as_people_say_them() {
        assert_eq!(field("first_name"), "First name");
        assert_eq!(field("email_2"), "Second email");
        assert_eq!(field("account:postal_code"), "Company postal code");
        assert_eq!(field("custom:Seats"), "Seats");
        assert_eq!(field("ünbekannt"), "ünbekannt");
    }
}
