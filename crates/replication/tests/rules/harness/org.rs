//! Short ways to act on the org, as its people and its admin do.

use super::*;

impl World {
    pub(crate) async fn identifier(&self, object: &str) {
        self.custom_field(object, IDENTIFIER, text_field(32, true, true))
            .await;
    }

    /// Lets the user see and change a standard field of leads that is hidden as the org comes.
    pub(crate) async fn show_lead_field(&self, name: &str) {
        self.show_field("Lead", name).await;
    }

    /// Lets the user see and change a standard field that is hidden as the org comes.
    pub(crate) async fn show_field(&self, object: &str, name: &str) {
        let known = self
            .soql("SELECT Id FROM PermissionSet WHERE Name = 'Leadferry'")
            .await;
        let permission = json!({
            "ParentId": text(&known[0], "Id"), "SobjectType": object, "Field": format!("{object}.{name}"),
            "PermissionsRead": true, "PermissionsEdit": true,
        });
        self.record("FieldPermissions", permission).await;
    }

    /// Makes a custom field and lets the user see it.
    pub(crate) async fn custom_field(&self, object: &str, name: &str, kind: CustomFieldKind) {
        let field = CustomField {
            object: object.to_owned(),
            name: name.to_owned(),
            label: name.replace("__c", ""),
            description: String::new(),
            kind,
        };
        self.org.client.create_custom_field(&field).await.unwrap();
        self.grant(object, name).await;
    }

    /// Makes a restricted picklist and lets the user see it.
    pub(crate) async fn restricted_picklist(&self, object: &str, name: &str, values: &[&str]) {
        let values: Vec<Value> = values
            .iter()
            .map(|value| json!({"fullName": value}))
            .collect();
        let metadata = json!({
            "label": name.replace("__c", ""), "type": "Picklist",
            "valueSet": {"restricted": true, "valueSetDefinition": {"value": values}},
        });
        let field = json!({"FullName": format!("{object}.{name}"), "Metadata": metadata});
        let (status, body) = self
            .call(Method::POST, "/tooling/sobjects/CustomField", &[], field)
            .await;
        assert_eq!(status, 201, "{body}");
        self.grant(object, name).await;
    }

    /// Lets the user see and change a field.
    async fn grant(&self, object: &str, name: &str) {
        let known = self
            .soql("SELECT Id FROM PermissionSet WHERE Name = 'Leadferry'")
            .await;
        let set = match known.first() {
            Some(set) => text(set, "Id").to_owned(),
            None => self.permission_set().await,
        };
        let permission = json!({
            "ParentId": set, "SobjectType": object, "Field": format!("{object}.{name}"),
            "PermissionsRead": true, "PermissionsEdit": true,
        });
        self.record("FieldPermissions", permission).await;
    }

    /// Makes a permission set of the user's.
    async fn permission_set(&self) -> String {
        let set = json!({"Name": "Leadferry", "Label": "Leadferry"});
        let set = self.record("PermissionSet", set).await;
        let user = self.org.client.user_info().await.unwrap().user_id;
        let assignment = json!({"AssigneeId": user.to_string(), "PermissionSetId": set});
        self.record("PermissionSetAssignment", assignment).await;
        set
    }

    pub(crate) async fn remove_custom_field(&self, object: &str, name: &str) {
        let developer_name = name.trim_end_matches("__c");
        let soql = format!(
            "SELECT Id FROM CustomField WHERE DeveloperName = '{developer_name}' AND TableEnumOrId = '{object}'"
        );
        let (status, found) = self
            .call(Method::GET, "/tooling/query", &[("q", &soql)], Value::Null)
            .await;
        assert_eq!(status, 200, "{found}");
        let id = found["records"][0]["Id"].as_str().unwrap();
        let path = format!("/tooling/sobjects/CustomField/{id}");
        let (status, body) = self.call(Method::DELETE, &path, &[], Value::Null).await;
        assert_eq!(status, 204, "{body}");
    }

    /// Reads the describes into the workspace, as signing in does.
    pub(crate) async fn keep_describes(&self) {
        for object in ["Lead", "Contact"] {
            let Described::Fresh {
                last_modified, raw, ..
            } = self.org.client.describe(object, None).await.unwrap()
            else {
                continue;
            };
            let (now, connection) = (self.now(), self.org.connection);
            self.write(|writer| {
                writer.save_describe(connection, object, last_modified.as_deref(), &raw, now)
            });
        }
    }

    /// Makes a record as a colleague would, and returns its id.
    pub(crate) async fn record(&self, object: &str, fields: Value) -> String {
        let (status, body) = self
            .call(Method::POST, &format!("/sobjects/{object}"), &[], fields)
            .await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// A lead that a colleague has made.
    pub(crate) async fn lead(&self, last_name: &str, email: &str) -> String {
        self.record(
            "Lead",
            json!({"LastName": last_name, "Company": "Acme", "Email": email}),
        )
        .await
    }

    pub(crate) async fn change_record(&self, object: &str, id: &str, fields: Value) {
        let (status, body) = self
            .call(
                Method::PATCH,
                &format!("/sobjects/{object}/{id}"),
                &[],
                fields,
            )
            .await;
        assert_eq!(status, 204, "{body}");
    }

    pub(crate) async fn soql(&self, soql: &str) -> Vec<Value> {
        let (status, mut body) = self
            .call(Method::GET, "/query", &[("q", soql)], Value::Null)
            .await;
        assert_eq!(status, 200, "{soql}: {body}");
        let mut records = body["records"].as_array().unwrap().clone();
        while let Some(next) = body["nextRecordsUrl"].as_str() {
            let path = next.trim_start_matches("/services/data/v67.0").to_owned();
            (_, body) = self.call(Method::GET, &path, &[], Value::Null).await;
            records.extend(body["records"].as_array().unwrap().clone());
        }
        records
    }

    /// All leads that are alive, by last name.
    pub(crate) async fn leads_in_org(&self) -> Vec<Value> {
        let soql = format!(
            "SELECT Id, FirstName, LastName, Company, Email, City, Description, IsConverted, {IDENTIFIER} \
             FROM Lead ORDER BY LastName, Id"
        );
        self.soql(&soql).await
    }

    pub(crate) async fn the_lead(&self) -> Value {
        let leads = self.leads_in_org().await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        leads[0].clone()
    }

    /// Every contact with its identifier stands in the org exactly once.
    pub(crate) async fn each_stands_once(&self, contacts: &[ContactId]) {
        let mut held: Vec<String> = self
            .leads_in_org()
            .await
            .iter()
            .map(|lead| lead[IDENTIFIER].as_str().unwrap_or_default().to_owned())
            .collect();
        let mut wanted: Vec<String> = contacts.iter().map(|contact| self.guid(*contact)).collect();
        held.sort();
        wanted.sort();
        assert_eq!(held, wanted, "nothing lost, nothing twice");
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice-org/admin{path}", self.running.url());
        let request = self
            .http
            .request(method, url)
            .header("X-Admin-Key", self.running.admin_key());
        let answer = request.json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert!(status < 300, "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.admin(Method::POST, "/faults", fault).await;
    }

    /// Spoils the next write of the engine, that many times.
    pub(crate) async fn spoil_writes(&self, name: &str, times: u32) {
        self.fault(
            json!({"name": name, "times": times, "match": {"path": WRITES, "method": "PATCH"}}),
        )
        .await;
    }

    /// How many requests the faults asked for have spoilt.
    pub(crate) async fn faults_fired(&self) -> i64 {
        let body = self.admin(Method::GET, "/faults", Value::Null).await;
        let faults = body["faults"].as_array().unwrap();
        faults
            .iter()
            .filter_map(|fault| fault["fired"].as_i64())
            .sum()
    }

    pub(crate) async fn end_faults(&self) {
        self.admin(Method::DELETE, "/faults", Value::Null).await;
    }

    pub(crate) async fn switch(&self, name: &str, value: Value) {
        self.admin(Method::PUT, "/switches", json!({ name: value }))
            .await;
    }

    pub(crate) async fn change_in_org(&self, action: &str, body: Value) -> Value {
        self.admin(Method::POST, &format!("/records/{action}"), body)
            .await
    }

    pub(crate) async fn delete_in_org(&self, id: &str) {
        self.change_in_org("delete", json!({"id": id})).await;
    }

    /// HTTP requests that the org has seen so far.
    pub(crate) async fn requests(&self) -> u64 {
        self.admin(Method::GET, "/counters", Value::Null).await["requests"]
            .as_u64()
            .unwrap()
    }

    /// The latest requests, the latest first: method, path and status.
    pub(crate) async fn latest_requests(&self, count: usize) -> Vec<(String, String, u64)> {
        let body = self
            .admin(
                Method::GET,
                &format!("/requests?limit={count}"),
                Value::Null,
            )
            .await;
        let list = body
            .as_array()
            .or_else(|| body["requests"].as_array())
            .unwrap()
            .clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list.iter()
            .map(|one| {
                (
                    text(&one["method"]),
                    text(&one["path"]),
                    one["status"].as_u64().unwrap(),
                )
            })
            .collect()
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Value,
    ) -> (u16, Value) {
        let url = format!("{}/services/data/v67.0{path}", self.running.url());
        let mut request = self
            .http
            .request(method, url)
            .bearer_auth(&self.token)
            .query(query);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}
