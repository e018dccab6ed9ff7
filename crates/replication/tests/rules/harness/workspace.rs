//! Short ways to act on the workspace.

use leadferry_store::LinkOrigin;

use super::*;

impl World {
    pub(crate) fn now(&self) -> i64 {
        START + self.began.elapsed().as_millis() as i64 + self.ahead_ms.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Box<Clock> {
        let (ahead, began) = (Arc::clone(&self.ahead_ms), self.began);
        Box::new(move || START + began.elapsed().as_millis() as i64 + ahead.load(Ordering::SeqCst))
    }

    pub(crate) fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> leadferry_store::Result<T>) -> T {
        self.store.read(f).unwrap()
    }

    pub(crate) fn write<T>(&self, f: impl FnOnce(&Writer<'_>) -> leadferry_store::Result<T>) -> T {
        self.store.write(f).unwrap()
    }

    pub(crate) fn add(&self, contact: ContactBuilder) -> ContactId {
        let now = self.now();
        self.write(|writer| writer.insert_contact(&contact.0, None, now))
    }

    /// Adds contacts `Person 0`, `Person 1`, … with e-mails.
    pub(crate) fn add_people(&self, count: usize) -> Vec<ContactId> {
        let person = |n: usize| {
            a_contact()
                .first_name("Person")
                .last_name(&format!("P{n}"))
                .email(&format!("p{n}@example.com"))
        };
        (0..count).map(|n| self.add(person(n))).collect()
    }

    pub(crate) fn set(&self, contact: ContactId, field: ContactField, value: Option<&str>) {
        self.put(
            contact,
            field,
            value.map(|text| Held::Text(text.to_owned())),
        );
    }

    pub(crate) fn put(&self, contact: ContactId, field: ContactField, value: Option<Held>) {
        let now = self.now();
        self.write(|writer| writer.change_contact(contact, &[(field, value)], now));
    }

    pub(crate) fn field(&self, name: &str, kind: FieldKind) -> ContactField {
        let now = self.now();
        ContactField::Custom(self.write(|writer| writer.add_custom_field(name, kind, now)))
    }

    pub(crate) fn account(&self, name: &str) -> AccountId {
        let now = self.now();
        let values = BTreeMap::from([(AccountField::Name, name.to_owned())]);
        self.write(|writer| writer.insert_account(&values, None, now))
    }

    pub(crate) fn join(&self, contact: ContactId, account: AccountId, role: AccountRole) {
        let now = self.now();
        self.write(|writer| writer.set_membership(contact, account, role, now));
    }

    /// A score that gives ten points for the city of Lagos.
    pub(crate) fn lagos_score(&self) -> ScoreId {
        let rules = json!({"rules": [
            {"name": "in Lagos", "points": 10, "when": {"field": "city", "op": "equals", "value": "Lagos"}}
        ]});
        let rules = leadferry_store::parse_rules(&rules.to_string()).unwrap();
        let now = self.now();
        self.write(|writer| writer.add_score("Lagos", "", &rules, now))
    }

    pub(crate) fn recalculate(&self, score: ScoreId) {
        self.store
            .recalculate(
                leadferry_store::Recalculate::Score(score),
                false,
                self.now(),
                &mut |_, _| true,
            )
            .unwrap();
    }

    pub(crate) fn guid(&self, contact: ContactId) -> String {
        self.read(|reader| reader.contact(contact)).guid.to_string()
    }

    /// Leads with the usual mapping and settings.
    pub(crate) fn leads(&self) -> ReplicationId {
        self.leads_with(|_| {})
    }

    pub(crate) fn leads_with(&self, change: impl FnOnce(&mut Settings)) -> ReplicationId {
        self.replication("Lead", LEAD, change)
    }

    pub(crate) fn replication(
        &self,
        object: &str,
        mapping: &str,
        change: impl FnOnce(&mut Settings),
    ) -> ReplicationId {
        self.scored_replication(object, mapping, None, change)
    }

    pub(crate) fn scored_replication(
        &self,
        object: &str,
        mapping: &str,
        threshold: Option<Threshold>,
        change: impl FnOnce(&mut Settings),
    ) -> ReplicationId {
        let mut settings = Settings {
            default_company: Some("Unknown".into()),
            ..Settings::default()
        };
        change(&mut settings);
        let number = self.read(|reader| reader.replications()).len();
        let new = NewReplication {
            name: format!("{object} {number}"),
            object: object.to_owned(),
            connection: Some(self.org.connection),
            threshold,
            settings: settings.to_json(),
            mapping: mapping.to_owned(),
        };
        let now = self.now();
        self.write(|writer| {
            let id = writer.add_replication(&new, now)?;
            writer.refresh_marks(id, now)?;
            Ok(id)
        })
    }

    pub(crate) fn change_settings(&self, id: ReplicationId, change: impl FnOnce(&mut Settings)) {
        let mut replication = self.read(|reader| reader.replication(id));
        let mut settings = Settings::from_json(&replication.settings).unwrap();
        change(&mut settings);
        replication.settings = settings.to_json();
        let now = self.now();
        self.write(|writer| writer.change_replication(&replication, now));
    }

    pub(crate) fn change_mapping(&self, id: ReplicationId, text: &str) {
        let now = self.now();
        self.write(|writer| writer.save_mapping(id, text, now));
    }

    pub(crate) fn entry(&self, replication: ReplicationId, contact: ContactId) -> Option<Entry> {
        self.read(|reader| reader.entry(replication, contact))
    }

    pub(crate) fn state(
        &self,
        replication: ReplicationId,
        contact: ContactId,
    ) -> Option<EntryState> {
        self.entry(replication, contact).map(|entry| entry.state)
    }

    /// The code for which a contact's entry is blocked or given up.
    pub(crate) fn code(&self, replication: ReplicationId, contact: ContactId) -> Option<String> {
        self.entry(replication, contact)
            .and_then(|entry| entry.reason)
            .map(|reason| reason.code)
    }

    pub(crate) fn link(&self, contact: ContactId, object: &str) -> Option<Link> {
        self.read(|reader| reader.link(contact, &self.org.org_id, object))
    }

    pub(crate) fn link_by_hand(&self, contact: ContactId, object: &str, record: &str) {
        self.link_as(LinkOrigin::Hand, contact, object, record);
    }

    pub(crate) fn link_as(
        &self,
        origin: LinkOrigin,
        contact: ContactId,
        object: &str,
        record: &str,
    ) {
        let now = self.now();
        self.write(|writer| {
            let link = leadferry_store::NewLink {
                contact,
                org_id: &self.org.org_id,
                object,
                record_id: record,
                identifier: None,
                origin,
            };
            writer.put_link(&link, now)?;
            writer.reconsider(contact)
        });
    }

    pub(crate) fn planned(&self, plan: &Plan, contact: ContactId) -> Option<PlanRow> {
        let rows = self.read(|reader| {
            reader.plan_rows(
                plan.id,
                &leadferry_store::PlanFilter::default(),
                ContactId(contact.0 - 1),
                1,
            )
        });
        rows.into_iter().find(|row| row.contact == contact)
    }

    pub(crate) fn decision(&self, plan: &Plan, contact: ContactId) -> Option<PlanDecision> {
        self.planned(plan, contact).map(|row| row.decision)
    }
}
