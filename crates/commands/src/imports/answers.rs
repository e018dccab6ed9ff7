//! Columns that say what people answered about a purpose, and those that say when, how and where.

use std::collections::HashMap;

use leadferry_store::{Channel, Evidence, How, PurposeId, Reader, RefusedAt, WordingId};

use super::consent::{self, ConsentColumn, Says};
use super::dates;
use super::fold::fold;
use super::remarks::{Remark, RowRemarks};
use super::source::Cells;
use super::values::{self, Manner};

/// What stands before a purpose's path in a request's map.
pub(crate) const CONSENT: &str = "consent:";

/// What a column says about the answers of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// When they answered; for a double opt-in, when they confirmed.
    Moment,
    /// When they asked for it, for a double opt-in.
    Asked,
    /// What they were asked: the number of a version, or its text.
    Wording,
    /// How they answered.
    Method,
    /// Where they were asked.
    Source,
}

impl Detail {
    /// All of them, each with its name in a request's map and its label.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Moment, "consent_at", "Time of the answer"),
        (
            Self::Asked,
            "consent_asked_at",
            "Time they asked for it (double opt-in)",
        ),
        (Self::Wording, "consent_wording", "Wording of the question"),
        (Self::Method, "consent_method", "How they answered"),
        (Self::Source, "consent_source", "Where they were asked"),
    ];

    /// Returns the one of a name in a request's map.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, known, _)| *known == name)
            .map(|(detail, ..)| detail)
    }

    /// Returns its name in a request's map.
    pub(crate) fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(detail, ..)| *detail == self)
            .map_or("", |(_, name, _)| name)
    }

    /// Returns what its cells mean, in words for the preview.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Moment => "When they answered, or confirmed a double opt-in",
            Self::Asked => "When they asked for a double opt-in",
            Self::Wording => "The version or the text of the question that they answered",
            Self::Method => "How they answered",
            Self::Source => "Where they were asked",
        }
    }

    /// Returns what a column with this folded name says about answers.
    pub(crate) fn of_column(name: &str) -> Option<Self> {
        let is = |names: &[&str]| names.contains(&name);
        if is(MOMENTS) {
            Some(Self::Moment)
        } else if is(ASKED) {
            Some(Self::Asked)
        } else if is(WORDINGS) {
            Some(Self::Wording)
        } else if is(METHODS) {
            Some(Self::Method)
        } else if is(SOURCES) {
            Some(Self::Source)
        } else {
            None
        }
    }
}

/// Names of columns with the moment of an answer, folded. Mailchimp, `CleverReach`, Brevo, HubSpot, Keila and everyday names.
const MOMENTS: &[&str] = &[
    "confirmtime",
    "consentdate",
    "consenttime",
    "consentat",
    "dateofconsent",
    "consenttimestamp",
    "confirmedat",
    "activated",
    "doiconfirmed",
    "doubleoptindate",
    "einwilligungam",
    "einwilligungvom",
    "einwilligungsdatum",
    "datumdereinwilligung",
    "zustimmungam",
    "datedeconsentement",
    "fechadeconsentimiento",
    "datadelconsenso",
    "datumtoestemming",
    "datazgody",
];

const ASKED: &[&str] = &[
    "consentaskedat",
    "optinrequested",
    "doirequested",
    "angefordertam",
    // CleverReach, beside *activated*.
    "registered",
];

const WORDINGS: &[&str] = &[
    "consentwording",
    "consenttext",
    "consentversion",
    "wordingversion",
    "einwilligungstext",
    "textedeconsentement",
];

const METHODS: &[&str] = &[
    "consentmethod",
    "consenttype",
    "optinmethod",
    "optintype",
    "artdereinwilligung",
];

const SOURCES: &[&str] = &[
    "consentsource",
    "optinsource",
    "sourceofconsent",
    "quelledereinwilligung",
    "einwilligungsquelle",
];

/// A column of answers about a purpose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnswerColumn {
    pub(crate) at: usize,
    pub(crate) purpose: PurposeId,
    reads: ConsentColumn,
}

impl AnswerColumn {
    /// Returns a column of this name: *Unsubscribed* says no with a yes, whatever the purpose.
    pub(crate) fn new(at: usize, name: &str, purpose: PurposeId) -> Self {
        let reads = match consent::on_any_channel(name) {
            Some(column @ (ConsentColumn::OptOut(_) | ConsentColumn::NoContact)) => column,
            _ => ConsentColumn::Status,
        };
        Self { at, purpose, reads }
    }

    /// Returns what its cells mean, in words for the preview.
    pub(crate) fn meaning(&self) -> &'static str {
        match self.reads {
            ConsentColumn::OptOut(_) | ConsentColumn::NoContact => "Yes or a time means refused",
            _ => "Yes or a time means given, no means refused",
        }
    }

    /// Reads the answer in a row, if there is one. A time says when they gave it.
    pub(crate) fn read(
        &self,
        cells: Cells<'_>,
        manner: &Manner,
        remarks: &mut RowRemarks,
    ) -> Option<RowAnswer> {
        let cell = cells.get(self.at).trim();
        let given = match self.reads.read(cell) {
            Says::Yes => true,
            Says::No => false,
            says => {
                remarks.extend(Remark::on(says).map(|remark| (self.at, remark)));
                return None;
            }
        };
        Some(RowAnswer {
            column: self.at,
            purpose: self.purpose,
            given,
            at: time_in(cell, self.at, manner, remarks),
        })
    }
}

impl Remark {
    /// Returns what is told of a cell that is no answer.
    pub(crate) fn on(says: Says) -> Option<Self> {
        match says {
            Says::Nothing | Says::Yes | Says::No => None,
            Says::NotAsked => Some(Self::NotAsked),
            Says::Bounced => Some(Self::Bounced),
            Says::Unknown => Some(Self::UnknownAnswer),
        }
    }
}

/// Returns the moment that a cell is, UTC milliseconds; a time that can't be read is told.
pub(crate) fn time_in(
    cell: &str,
    at: usize,
    manner: &Manner,
    remarks: &mut RowRemarks,
) -> Option<i64> {
    if values::yes_no(cell).is_some() || !consent::is_time(cell) {
        return None;
    }
    let moment = moment(cell, manner);
    if moment.is_none() {
        remarks.push((at, Remark::UnknownMoment));
    }
    moment
}

/// Reads a date, a date and time, or seconds or milliseconds since 1970.
fn moment(cell: &str, manner: &Manner) -> Option<i64> {
    let since_1970 = || match (cell.len(), cell.parse::<i64>()) {
        (10, Ok(seconds)) => seconds.checked_mul(1000),
        (13, Ok(milliseconds)) => Some(milliseconds),
        _ => None,
    };
    dates::moment(cell, &manner.dates, &manner.zone).or_else(since_1970)
}

/// When a row's contact opted out of channels, and in to them.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ChannelMoments {
    /// The moments of the opt-outs, each with its column.
    refused: Vec<(usize, Channel, i64)>,
    /// The yeses with a known moment.
    agreed: Vec<OptedIn>,
}

/// A yes to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OptedIn {
    /// The column of its moment.
    pub(crate) column: usize,
    pub(crate) channel: Channel,
    /// UTC milliseconds.
    at: i64,
    /// For a double opt-in, when they asked for it, UTC milliseconds.
    asked_at: Option<i64>,
}

impl ChannelMoments {
    /// Notes when the contact opted out of a channel; the latest moment counts.
    pub(crate) fn refuse(&mut self, column: usize, channel: Channel, at: i64) {
        match self.refused.iter_mut().find(|known| known.1 == channel) {
            Some(known) if known.2 < at => *known = (column, channel, at),
            Some(_) => {}
            None => self.refused.push((column, channel, at)),
        }
    }

    /// Notes when the contact opted in to a channel: the moment in a column of permissions, or that in which the whole row
    /// was confirmed.
    pub(crate) fn agree(
        &mut self,
        channel: Channel,
        own: Option<(usize, i64)>,
        evidence: &RowEvidence,
    ) {
        let (column, at, asked_at) = match (own, evidence.moment) {
            (Some((_, asked)), Some((column, at))) if asked < at => (column, at, Some(asked)),
            (Some((column, at)), _) | (None, Some((column, at))) => (column, at, evidence.asked),
            (None, None) => return,
        };
        let asked_at = asked_at.filter(|asked| *asked < at);
        if self.agreed.iter().all(|known| known.channel != channel) {
            self.agreed.push(OptedIn {
                column,
                channel,
                at,
                asked_at,
            });
        }
    }

    /// Returns when they opted out; a moment that is still to come is none, and told.
    pub(crate) fn refused_at(&self, now: i64, remarks: &mut RowRemarks) -> RefusedAt {
        let mut refused = RefusedAt::default();
        for (column, channel, at) in &self.refused {
            match *at > now {
                true => note(remarks, *column, Remark::FutureMoment),
                false => refused.set(*channel, Some(*at)),
            }
        }
        refused
    }

    /// Returns the yeses, each with its evidence; one that is still to come is left out, and told.
    pub(crate) fn agreed<'e>(
        &'e self,
        evidence: &'e RowEvidence,
        now: i64,
        remarks: &mut RowRemarks,
    ) -> Vec<(OptedIn, Evidence<'e>)> {
        let mut agreed = Vec::new();
        for one in &self.agreed {
            if one.at > now {
                note(remarks, one.column, Remark::FutureMoment);
                continue;
            }
            let found = Evidence {
                at: Some(one.at),
                asked_at: one.asked_at,
                ..Evidence::of(
                    evidence.method(true, one.asked_at.is_some()),
                    &evidence.source,
                )
            };
            agreed.push((*one, found));
        }
        agreed
    }
}

/// An answer of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowAnswer {
    /// The column that it stands in.
    pub(crate) column: usize,
    pub(crate) purpose: PurposeId,
    pub(crate) given: bool,
    /// When they gave it, UTC milliseconds, where the column itself says so.
    at: Option<i64>,
}

/// When, how and where the answers of a row were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RowEvidence {
    moment: Option<(usize, i64)>,
    asked: Option<i64>,
    how: Option<How>,
    /// The column of the wording, and what stands there.
    wording: Option<(usize, String)>,
    source: String,
}

impl RowEvidence {
    /// Reads one of the columns.
    pub(crate) fn read(
        &mut self,
        detail: Detail,
        at: usize,
        cell: &str,
        manner: &Manner,
        remarks: &mut RowRemarks,
    ) {
        let cell = cell.trim();
        if cell.is_empty() || values::is_zero(cell) {
            return;
        }
        match detail {
            // CleverReach writes 0 where it never happened.
            Detail::Moment | Detail::Asked if matches!(cell, "0" | "-" | "–") => {}
            Detail::Moment | Detail::Asked => match (moment(cell, manner), detail) {
                (None, _) => remarks.push((at, Remark::UnknownMoment)),
                (Some(moment), Detail::Asked) => self.asked = Some(moment),
                (Some(moment), _) => self.moment = Some((at, moment)),
            },
            Detail::Wording => self.wording = Some((at, cell.to_owned())),
            Detail::Method => match how(cell) {
                Some(how) => self.how = Some(how),
                None => remarks.push((at, Remark::UnknownMethod)),
            },
            Detail::Source => self.source = values::line(cell).unwrap_or_default(),
        }
    }

    /// Returns the evidence of one of the answers. A moment that is still to come is none, and told.
    pub(crate) fn of<'e>(
        &'e self,
        answer: &RowAnswer,
        wordings: &mut Wordings,
        reader: &Reader<'_>,
        now: i64,
        remarks: &mut RowRemarks,
    ) -> leadferry_store::Result<Evidence<'e>> {
        let own = answer.at.map(|at| (answer.column, at));
        let at = match own.or(self.moment) {
            Some((column, moment)) if moment > now => {
                note(remarks, column, Remark::FutureMoment);
                None
            }
            moment => moment.map(|(_, moment)| moment),
        };
        let asked_at = self.asked.filter(|asked| at.is_some_and(|at| *asked <= at));
        let wording = match &self.wording {
            Some((column, said)) => {
                let found = wordings.find(reader, answer.purpose, said)?;
                if found.is_none() {
                    note(remarks, *column, Remark::UnknownWording);
                }
                found
            }
            None => None,
        };
        Ok(Evidence {
            seen_at: None,
            how: self.method(at.is_some(), asked_at.is_some()),
            at,
            asked_at,
            wording,
            source: &self.source,
        })
    }

    /// Returns the moment, with its column.
    pub(crate) fn moment(&self) -> Option<(usize, i64)> {
        self.moment
    }

    /// Without a moment nobody knows whether they answered later than before: it is the import that says so. A double opt-in
    /// has two moments.
    fn method(&self, is_dated: bool, is_double: bool) -> How {
        match self.how {
            _ if !is_dated => How::Import,
            _ if is_double => How::DoubleOptIn,
            Some(How::DoubleOptIn) | None => How::Import,
            Some(how) => how,
        }
    }
}

/// Notes what is to be said of a cell, once for all answers of its row.
fn note(remarks: &mut RowRemarks, column: usize, remark: Remark) {
    if !remarks.contains(&(column, remark)) {
        remarks.push((column, remark));
    }
}

/// The wordings of the workspace, looked up once each.
#[derive(Debug, Default)]
pub(crate) struct Wordings(HashMap<(PurposeId, String), Option<WordingId>>);

impl Wordings {
    /// Finds the wording that a cell names by its version or by its text.
    fn find(
        &mut self,
        reader: &Reader<'_>,
        purpose: PurposeId,
        said: &str,
    ) -> leadferry_store::Result<Option<WordingId>> {
        let key = (purpose, said.to_owned());
        if let Some(known) = self.0.get(&key) {
            return Ok(*known);
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let number = said.trim_start_matches(['v', 'V']).parse::<i64>().ok();
        let all = reader.wordings()?;
        let found = all.iter().find(|one| {
            let is_named = Some(one.version) == number || words(&one.text) == words(said);
            one.purpose == Some(purpose) && is_named
        });
        let found = found.map(|one| one.id);
        // A file with a text of its own in each row is not remembered whole.
        if self.0.len() < MOST_WORDINGS {
            self.0.insert(key, found);
        }
        Ok(found)
    }
}

const MOST_WORDINGS: usize = 1_000;

/// Reads how somebody answered.
fn how(cell: &str) -> Option<How> {
    let folded = fold(cell);
    let has = |signs: &[&str]| signs.iter().any(|sign| folded.contains(sign));
    if has(&["double", "doi", "doppel"]) {
        Some(How::DoubleOptIn)
    } else if has(&["phone", "telefon", "call", "anruf", "telephone"]) {
        Some(How::Phone)
    } else if has(&[
        "form", "web", "online", "landing", "checkout", "shop", "popup",
    ]) {
        Some(How::Form)
    } else if has(&[
        "hand", "manual", "admin", "paper", "papier", "fair", "messe", "inperson",
    ]) {
        Some(How::ByHand)
    } else if has(&["import", "api", "upload", "migration"]) {
        Some(How::Import)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_say_when_how_and_where() {
        for (name, expected) in [
            ("CONFIRM_TIME", Some(Detail::Moment)),
            ("Einwilligung am", Some(Detail::Moment)),
            ("Consent text", Some(Detail::Wording)),
            ("Consent method", Some(Detail::Method)),
            ("Consent source", Some(Detail::Source)),
            ("Consent", None),
            ("Created at", None),
        ] {
            assert_eq!(Detail::of_column(&fold(name)), expected, "{name}");
        }
    }

    #[test]
    fn words_say_how_somebody_answered() {
        for (cell, expected) in [
            ("Double opt-in", Some(How::DoubleOptIn)),
            ("Webformular", Some(How::Form)),
            ("am Telefon", Some(How::Phone)),
            ("Manual", Some(How::ByHand)),
            ("API", Some(How::Import)),
            ("carrier pigeon", None),
        ] {
            assert_eq!(how(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_method_counts_only_with_a_moment_and_a_double_opt_in_with_two() {
        let evidence = |how| RowEvidence {
            how,
            ..RowEvidence::default()
        };
        let form = evidence(Some(How::Form));
        assert_eq!(form.method(false, false), How::Import);
        assert_eq!(form.method(true, false), How::Form);
        assert_eq!(form.method(true, true), How::DoubleOptIn);
        assert_eq!(
            evidence(Some(How::DoubleOptIn)).method(true, false),
            How::Import
        );
    }
}
