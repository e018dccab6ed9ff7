// Generated from the commands' table by `cargo xtask bindings`. Changes here are lost.

/** Every command: its parameters and its answer. */
export type Commands = {
  /** Returns the open workspace; none before the first one. */
  'workspaces.current': { params: Nothing; answer: WorkspaceInfo | null };
  /** Returns the other workspaces that were opened lately and are still there, the last one first. */
  'workspaces.recent': { params: Nothing; answer: Array<RecentWorkspace> };
  /** Opens a workspace; without a path the user picks one. None when she thinks better of it. */
  'workspaces.open': { params: OpenWorkspace; answer: WorkspaceInfo | null };
  /** Creates a workspace and opens it; without a path it stands among the user's documents, under a free name. */
  'workspaces.create': { params: CreateWorkspace; answer: WorkspaceInfo };
  /** Fills the open workspace, or a new one, with sample contacts and a replication into the practice org. */
  'workspaces.try_practice': { params: Nothing; answer: PracticeReady };
  /** Closes the workspace. */
  'workspaces.close': { params: Nothing; answer: null };
  /** Puts the newest backup without damage in the place of a damaged workspace, and opens that. */
  'workspaces.restore': { params: Nothing; answer: RestoredWorkspace };
  /** Takes what can still be read of a damaged workspace into a new one; without paths the user says which and where. None when they think better of it. */
  'workspaces.salvage': { params: SalvageWorkspace; answer: SalvagedWorkspace | null };
  /** Returns what the workspace holds that could act on its own, to be seen before it is approved. */
  'workspaces.review': { params: Nothing; answer: WorkspaceReview };
  /** Approves the workspace on this computer, as it was shown. */
  'workspaces.approve': { params: Approve; answer: WorkspaceReview };
  /** Changes settings of the workspace. */
  'workspaces.set': { params: WorkspaceChange; answer: WorkspaceInfo };
  /** Copies the workspace as it is now; without a path the user says where. Returns where it is. */
  'workspaces.backup': { params: BackUp; answer: BackedUp | null };
  /** Lets the user pick a file; none when she thinks better of it. */
  'shell.pick_file': { params: PickFile; answer: string | null };
  /** Lets the user say where a new file goes. */
  'shell.pick_place': { params: PickPlace; answer: string | null };
  /** Opens the page of a record in the browser. */
  'shell.open': { params: Address; answer: null };
  /** Returns a preference of the window; null until set. */
  'shell.preference': { params: Key; answer: JsonValue };
  /** Keeps a preference of the window. */
  'shell.set_preference': { params: Preference; answer: null };
  /** Says where the file of secrets is and whether there is one, before a passphrase is asked for. */
  'shell.secrets': { params: Nothing; answer: SealedSecrets };
  /** Keeps the passphrase of the file of secrets until the app ends, in memory only; a wrong one is not kept. */
  'shell.unlock': { params: Passphrase; answer: Unlocked };
  /** Closes the window: work goes on in the tray, or the program ends. */
  'shell.close': { params: Close; answer: null };
  /** Returns what is being done on this workspace, the eldest first. */
  'jobs.list': { params: Nothing; answer: Array<Job> };
  /** Asks a job to stop, whichever process does it. */
  'jobs.cancel': { params: CancelJob; answer: null };
  /** Returns what needs a look, and the figures of the overview's pictures. */
  'statistics.overview': { params: Nothing; answer: Overview };
  /** Returns a page of a list of contacts, whatever it is sorted and filtered by. */
  'contacts.page': { params: PageRequest; answer: ContactsPage };
  /** Returns how many contacts a filter lets through. */
  'contacts.count': { params: ContactsFilter; answer: number };
  /** Returns the guids of a list's contacts from a position on, 10,000 at most. */
  'contacts.guids': { params: PageRequest; answer: Array<Guid> };
  /** Returns every field of contacts, with its label and what it holds. */
  'contacts.fields': { params: Nothing; answer: Array<ContactFieldInfo> };
  /** Returns the states of a country, or all countries where none is named. */
  'contacts.places': { params: PlacesOf; answer: Array<NamedPlace> };
  /** Shows a contact with all that belongs to it. */
  'contacts.show': { params: OneContact; answer: ContactCard };
  /** Adds a contact. */
  'contacts.add': { params: Fields; answer: ContactCard };
  /** Changes fields of a contact; an empty text unsets one. */
  'contacts.set': { params: SetFields; answer: ContactCard };
  /** Changes fields of many contacts alike, as one act that can be undone. */
  'contacts.edit': { params: EditMany; answer: ContactsChanged };
  /** Merges contacts into one: its empty fields are filled, their guids become aliases of its own. */
  'contacts.merge': { params: Merge; answer: Merged };
  /** Deletes contacts; their records in Salesforce stay. Can be undone for 30 days. */
  'contacts.delete': { params: ChosenContacts; answer: ContactsChanged };
  /** Writes contacts to a CSV file or an Excel workbook; returns how many. */
  'contacts.export': { params: ExportRequest; answer: number };
  /** Erases a contact from the workspace, its history, its backups and the practice org for good. */
  'contacts.erase': { params: OneContact; answer: ErasedInfo };
  /** Removes what still names somebody who was erased, from the history, the backups and the practice org. */
  'contacts.erase_traces': { params: Traces; answer: ErasedInfo };
  /** Returns the acts that are kept, the newest first. */
  'contacts.acts': { params: Nothing; answer: Array<ActInfo> };
  /** Takes an act back, as far as nothing else has changed what it did; the newest one unless another is named. */
  'contacts.undo': { params: UndoAct; answer: Undone };
  /** Returns a page of the accounts by name. */
  'accounts.list': { params: AccountPage; answer: AccountLines };
  /** Shows an account with its first contacts. */
  'accounts.show': { params: OneAccount; answer: AccountCard };
  /** Adds an account. */
  'accounts.add': { params: NewAccount; answer: AccountInfo };
  /** Changes fields of an account; an empty text unsets one. */
  'accounts.set': { params: AccountFields; answer: AccountInfo };
  /** Removes an account; its contacts stay. */
  'accounts.delete': { params: OneAccount; answer: null };
  /** Makes a contact a member of an account in a role, or takes it out. Returns whether anything differed. */
  'accounts.join': { params: Join; answer: boolean };
  /** Returns the declared fields in the order in which they were added. */
  'custom_fields.list': { params: Nothing; answer: Array<CustomFieldInfo> };
  /** Declares a field. */
  'custom_fields.add': { params: AddField; answer: CustomFieldInfo };
  /** Returns how many contacts have a value in a field, and what uses it. */
  'custom_fields.uses': { params: Named; answer: CustomFieldUses };
  /** Gives a field another name, also where rules and mappings use it. */
  'custom_fields.rename': { params: RenameField; answer: CustomFieldInfo };
  /** Removes a field that nothing uses, with the values in it; returns how many contacts had one. */
  'custom_fields.remove': { params: RemoveField; answer: number };
  /** Shows how a file would be understood, without taking anything in. */
  'imports.preview': { params: ImportRequest; answer: Preview };
  /** Returns where a column can go, in plain words. */
  'imports.targets': { params: Nothing; answer: Array<ImportTarget> };
  /** Counts what an import would do, over the whole file, without taking anything in. A newer one of the same file stops it. */
  'imports.try': { params: ImportRequest; answer: Trial };
  /** Tells what would become of a few mended rows, without taking anything in. */
  'imports.try_rows': { params: TryRows; answer: Trial };
  /** Brings a file of contacts in; an interrupted import of the same file goes on where it stopped. */
  'imports.run': { params: ImportRequest; answer: ImportOutcome };
  /** Goes on with an import that was interrupted. Where this computer does not know its file, the user picks it; none when they think better of it. */
  'imports.resume': { params: OneImport; answer: ImportOutcome | null };
  /** Takes mended rows of an import in, as an import of their own. */
  'imports.mend': { params: Mend; answer: ImportOutcome };
  /** Returns all imports, the newest first. */
  'imports.list': { params: Nothing; answer: Array<PastImport> };
  /** Returns a page of the rows that an import could not take in and that still wait to be mended. */
  'imports.faulty': { params: FaultyPage; answer: FaultyRows };
  /** Copies the faulty rows of an import to a file. */
  'imports.save_faulty': { params: SaveFaulty; answer: null };
  /** Returns all types of activities by name. */
  'activities.types': { params: Nothing; answer: Array<ActivityTypeInfo> };
  /** Adds a type of activities. */
  'activities.add_type': { params: NewType; answer: null };
  /** Gives a type another name, also in the rules that ask for it. */
  'activities.rename_type': { params: RenameType; answer: null };
  /** Removes a type that no activity has and no rule asks for. */
  'activities.remove_type': { params: Named; answer: null };
  /** Returns what a contact did, the latest first. */
  'activities.list': { params: TimelinePage; answer: Timeline };
  /** Adds an activity by hand. */
  'activities.add': { params: EnterActivity; answer: ActivityId };
  /** Removes an activity. */
  'activities.remove': { params: OneActivity; answer: null };
  /** Returns activities of people who are not here yet. */
  'activities.waiting': { params: Limit; answer: Waiting };
  /** Says what the columns of a file of activities would be read as. */
  'activities.preview': { params: ActivitiesRequest; answer: ActivitiesPreview };
  /** Brings a file of activities in; an interrupted import of the same file goes on where it stopped. */
  'activities.import': { params: ActivitiesRequest; answer: ActivitiesOutcome };
  /** Returns the paths of all purposes, preferences and preference values. */
  'consents.paths': { params: Nothing; answer: Array<string> };
  /** Returns all purposes, preferences and preference values, with how many have answered. */
  'consents.purposes': { params: Nothing; answer: Array<PurposeInfo> };
  /** Sums up how many contacts can be reached, and what was answered last. */
  'consents.summary': { params: Nothing; answer: ConsentSummary };
  /** Adds one, and what it stands below. */
  'consents.add': { params: OnePurpose; answer: null };
  /** Gives one another name, also in the rules that ask for it. */
  'consents.rename': { params: RenamePurpose; answer: null };
  /** Removes one with all that stands below it, and with every answer to these. */
  'consents.remove': { params: OnePurpose; answer: null };
  /** Returns what a contact has answered. */
  'consents.of': { params: OneContact; answer: Array<ConsentInfo> };
  /** Records an answer of contacts; those who are not here are told. */
  'consents.record': { params: RecordConsent; answer: RecordedConsent };
  /** Returns everything that a contact has answered, the oldest entry first. */
  'consents.history': { params: OneContact; answer: Array<ConsentEventInfo> };
  /** Checks that nothing in the ledger was changed or removed. */
  'consents.verify': { params: Nothing; answer: LedgerInfo };
  /** Writes a proof of consent of one contact or of all to a file. */
  'consents.prove': { params: ProofRequest; answer: ProofInfo };
  /** Returns what people are asked, all versions, by purpose. */
  'consents.wordings': { params: Nothing; answer: Array<WordingInfo> };
  /** Adds a version of what people are asked. */
  'consents.add_wording': { params: NewWording; answer: WordingInfo };
  /** Returns all consent syncs by name. */
  'consent_syncs.list': { params: Nothing; answer: Array<ConsentSyncInfo> };
  /** Adds a consent sync; nothing is mapped yet. */
  'consent_syncs.add': { params: AddConsentSync; answer: ConsentSyncInfo };
  /** Changes settings of a consent sync. */
  'consent_syncs.set': { params: SetConsentSync; answer: ConsentSyncInfo };
  /** Removes a consent sync with its queue and history. */
  'consent_syncs.remove': { params: Named; answer: null };
  /** Returns the purposes, preferences and values, each with the field that it goes to, and the fields that fit. */
  'consent_syncs.tree': { params: Named; answer: ConsentTree };
  /** Sets the field of a purpose, preference, value or opt-out, or takes it away. */
  'consent_syncs.map': { params: MapConsent; answer: ConsentTree };
  /** Checks the mapped fields in the org and, unless only looking, makes those that are missing. */
  'consent_syncs.fields': { params: CheckFields; answer: Prepared };
  /** Returns contacts whose consent waits for a record with their email. */
  'consent_syncs.waiting': { params: WaitingRequest; answer: WaitingPage };
  /** Returns all scores by name. */
  'scores.list': { params: Nothing; answer: Array<ScoreInfo> };
  /** Shows a score: its rules, how its points are spread, and what it decides. */
  'scores.show': { params: Named; answer: ScoreCard };
  /** Adds a score. */
  'scores.add': { params: NewScore; answer: ScoreInfo };
  /** Changes a score; its points follow with the next calculation. */
  'scores.set': { params: SetScore; answer: ScoreInfo };
  /** Removes a score that no replication uses. */
  'scores.remove': { params: Named; answer: null };
  /** Counts who meets each of these rules, without keeping anything. */
  'scores.try': { params: TryRules; answer: Array<RuleTried> };
  /** Explains the points of a contact, rule by rule. */
  'scores.explain': { params: ExplainPoints; answer: PointsExplained };
  /** Brings the points of one score, or all scores and segments, up to date. */
  'scores.recalculate': { params: Recalculate; answer: Recalculated };
  /** Returns all segments by name. */
  'segments.list': { params: Nothing; answer: Array<SegmentInfo> };
  /** Shows a segment: its rules, its growth, and what asks for it. */
  'segments.show': { params: Named; answer: SegmentCard };
  /** Adds a segment, and calculates who is in it. */
  'segments.add': { params: NewSegment; answer: SegmentCard };
  /** Changes a segment, and calculates who is in it. */
  'segments.set': { params: SetSegment; answer: SegmentCard };
  /** Removes a segment that nothing asks for. */
  'segments.remove': { params: Named; answer: null };
  /** Adds a segment with fixed members: those who are in another one now. */
  'segments.copy': { params: CopySegment; answer: SegmentCard };
  /** Adds a segment that follows others: their union, intersection or difference. */
  'segments.combine': { params: Combine; answer: SegmentCard };
  /** Counts who meets rules that are not kept yet, and shows a few of them. */
  'segments.try': { params: TryTree; answer: TreeTried };
  /** Counts who meets each of these parts of a tree. */
  'segments.try_parts': { params: TryParts; answer: Array<number | null> };
  /** Brings a segment up to date. */
  'segments.refresh': { params: Named; answer: Recalculated };
  /** Returns a page of members. */
  'segments.members': { params: MembersPage; answer: SegmentMembers };
  /** Adds contacts to a segment with fixed members, or removes them; returns how many that changed. */
  'segments.set_members': { params: SetMembers; answer: number };
  /** Explains why a contact is in a segment, or is not, rule by rule. */
  'segments.explain': { params: ExplainMember; answer: SegmentWhy };
  /** Explains why a contact meets rules that are not kept yet, or does not, rule by rule. */
  'segments.explain_rules': { params: ExplainRules; answer: Explained };
  /** Tells what rules that are not kept yet would do to a segment. */
  'segments.compare': { params: CompareRules; answer: SegmentMoves | null };
  /** Writes the members with all their fields to a CSV file; returns how many. */
  'segments.export': { params: ExportSegment; answer: number };
  /** Returns the lists of e-mails that rules can ask for. */
  'segments.email_lists': { params: Nothing; answer: Array<EmailList> };
  /** Adds the e-mails in a text to a list, which is made where there is none of that name. */
  'segments.add_emails': { params: AddEmails; answer: EmailList };
  /** Removes a list of e-mails that no rule asks for. */
  'segments.remove_email_list': { params: Named; answer: null };
  /** Returns all connections by name. */
  'connections.list': { params: Nothing; answer: Array<ConnectionInfo> };
  /** Returns what there is to know about a connection, without asking its org. */
  'connections.show': { params: Named; answer: ConnectionDetails };
  /** Adds a connection; the practice org is signed in to at once. */
  'connections.add': { params: NewConnection; answer: Connection };
  /** Changes a connection; with another host or app somebody has to sign in again. */
  'connections.set': { params: ChangedConnection; answer: Connection };
  /** Signs in; opens the system browser where the flow needs it. A refusal is an answer, not an error. */
  'connections.authorize': { params: SignIn; answer: SignInOutcome };
  /** Returns how the sign-in to a connection stands in this program, also after its screen was left. */
  'connections.sign_in_state': { params: Named; answer: SignInState };
  /** Stops the sign-in to a connection, whichever process does it. */
  'connections.stop_sign_in': { params: Named; answer: null };
  /** Asks the org who is signed in, for its limits, and whether its fields have changed. */
  'connections.test': { params: Named; answer: Tested };
  /** Returns the changed fields of an org that something here uses. */
  'connections.drift': { params: Named; answer: Array<ChangedField> };
  /** Returns the changed fields of an org that a replication uses, itself or through its score and segments. */
  'connections.drift_of_replication': { params: Named; answer: Array<ChangedField> };
  /** Looks at everything that a connection needs, and says who can cure what; uses about eight API calls, and one for each further object that is pulled. */
  'connections.check': { params: Named; answer: ConnectionCheck };
  /** Returns the proxy that requests go through. */
  'connections.proxy': { params: Nothing; answer: ProxySetting };
  /** Sets the proxy of this computer: `system`, `none` or an address. */
  'connections.set_proxy': { params: ProxyText; answer: ProxySetting };
  /** Removes a connection with its secrets; the sign-in is revoked where the org can be reached. */
  'connections.remove': { params: Named; answer: Removed };
  /** Ends the sign-in in the org, and forgets it here; the connection stays. */
  'connections.revoke': { params: Named; answer: Revoked };
  /** Returns the assertion that a connection with a key would sign in with now, decoded and without its signature. */
  'connections.assertion': { params: Named; answer: Assertion };
  /** Returns the keys for signing in, the newest first. */
  'connections.keys': { params: Nothing; answer: Array<SigningKey> };
  /** Makes a key with a certificate, which takes seconds. The private half goes into the vault, and only an export takes it out. */
  'connections.make_key': { params: Named; answer: SigningKey };
  /** Returns what a key file holds; nothing of it is kept. */
  'connections.inspect_key': { params: KeyPath; answer: KeyFile };
  /** Reads a key out of a file into the vault. */
  'connections.import_key': { params: KeyPath; answer: SigningKey };
  /** Writes a key's certificate into a new file, for upload. Without a path the user says where; none when they think better of it. */
  'connections.save_certificate': { params: CertificatePlace; answer: string | null };
  /** Writes a key and its certificate into a new file that a passphrase seals. Without a path the user says where; none when they think better of it. */
  'connections.export_key': { params: KeyPlace; answer: string | null };
  /** Forgets a key that no connection signs in with. */
  'connections.discard_key': { params: KeyId; answer: SigningKey };
  /** Says what a text is understood as when it is given as the address of an org. */
  'connections.host': { params: HostText; answer: HostReading };
  /** Returns the ways to sign in, the best first. */
  'connections.flows': { params: Nothing; answer: Array<FlowChoice> };
  /** Returns what is to be done in Salesforce, with every value to copy. */
  'connections.guide': { params: GuideRequest; answer: Guide };
  /** Saves a guide as a page to print. */
  'connections.save_guide': { params: SaveGuide; answer: null };
  /** Opens a guide in the browser, to be printed there. */
  'connections.print_guide': { params: GuideRequest; answer: null };
  /** Opens a page of Salesforce that a set-up leads to. */
  'connections.open_page': { params: OpenPage; answer: null };
  /** Says what the callback address of a port is, and whether the port is free. */
  'connections.check_callback': { params: CallbackPort; answer: CallbackCheck };
  /** Returns the set-ups that have been begun, the eldest first. */
  'connections.drafts': { params: Nothing; answer: Array<Draft> };
  /** Keeps a set-up as it is now; a number of 0 makes a new one. Never takes a secret. */
  'connections.save_draft': { params: Draft; answer: Draft };
  /** Forgets a set-up. */
  'connections.discard_draft': { params: DraftNumber; answer: null };
  /** Returns what is kept where: secrets, workspace, data folder. */
  'connections.security': { params: Nothing; answer: SecurityFacts };
  /** Says whether there is a practice org, and who serves it; serves nothing by itself. */
  'practice.state': { params: Nothing; answer: PracticeState };
  /** Returns the trouble that is waiting to happen, and what there is to choose from. */
  'practice.faults': { params: Nothing; answer: PracticeFaults };
  /** Makes trouble: a fault by name, so many times. */
  'practice.add_fault': { params: NewFault; answer: PracticeFaults };
  /** Takes all trouble back. */
  'practice.clear_faults': { params: Nothing; answer: PracticeFaults };
  /** Lets the practice org take over the fields of a connection's org. */
  'practice.adopt': { params: AdoptFrom; answer: Adopted };
  /** Returns all replications by name. */
  'replications.list': { params: Nothing; answer: Array<ReplicationInfo> };
  /** Returns one replication. */
  'replications.show': { params: Named; answer: ReplicationInfo };
  /** Adds a replication with the usual mapping of its object. */
  'replications.add': { params: NewReplication; answer: ReplicationInfo };
  /** Changes settings of a replication. */
  'replications.set': { params: SetReplication; answer: ReplicationInfo };
  /** Keeps the part of its setup at which a replication was left, so that it continues there. */
  'replications.set_up_at': { params: SetUpAt; answer: null };
  /** Counts whom a choice of score and segments would select, before it is saved. */
  'replications.would_select': { params: SelectionChoice; answer: Selected };
  /** Returns when a replication would run next by a schedule, before it is saved. */
  'replications.next_run': { params: NextRunBy; answer: NextRun };
  /** Copies everything but links to a new replication, on another connection where one is named. */
  'replications.copy': { params: Copy; answer: ReplicationInfo };
  /** Removes a replication with its queue and history; links and the org's records stay. */
  'replications.remove': { params: Named; answer: null };
  /** Checks the identifier field in the org and, unless only looking, makes it and lets the user see it. */
  'replications.prepare_org': { params: PrepareOrg; answer: Prepared };
  /** Returns how far members, queue, what was sent and what Salesforce holds agreed when it was asked last. */
  'replications.reconciliation': { params: Named; answer: Reconciliation };
  /** Asks Salesforce what it holds: counts records, or reads them back. */
  'replications.reconcile': { params: Reconcile; answer: Reconciliation };
  /** Returns contacts whose records differ from what was sent. */
  'replications.differing': { params: Differing; answer: DifferingPage };
  /** Lets what differs go again with the next run. */
  'replications.send_again': { params: Named; answer: SentAgain };
  /** Returns the activated segments of a replication, and what could be activated. */
  'replications.activations': { params: Named; answer: Activations };
  /** Activates a segment, or gives an active one another Mapping ID. */
  'replications.activate': { params: ActivationRequest; answer: Activations };
  /** Activates every segment that is not active yet, each with its proposed Mapping ID. */
  'replications.activate_all': { params: Named; answer: Activations };
  /** Ends an activation; its field stays as it is in the org. */
  'replications.deactivate': { params: Deactivate; answer: Activations };
  /** Returns a replication's partner, and which ones are possible. */
  'replications.partner': { params: Named; answer: PartnerInfo };
  /** Shows what two replications would come to as partners; nothing changes. */
  'replications.preview_partner': { params: SetPartner; answer: PartnerPreview };
  /** Makes two replications partners: each person goes through exactly one of them. */
  'replications.set_partner': { params: SetPartner; answer: PartnerPreview };
  /** Ends a partnership; both replications go on by themselves. */
  'replications.remove_partner': { params: Named; answer: null };
  /** Works out what a run would do, without asking the org. */
  'replications.plan': { params: Named; answer: PlanReport };
  /** Returns the latest plan without making one. */
  'replications.latest_plan': { params: Named; answer: KeptPlan | null };
  /** Returns contacts of the latest plan, page by page. */
  'replications.planned': { params: PlannedQuery; answer: PlannedPage };
  /** Returns why contacts of the latest plan are blocked, the most frequent reason first. */
  'replications.blocked_by': { params: Named; answer: Array<PlannedReason> };
  /** Returns what would become of values that don't go as they are, by kind and field, the most frequent first. */
  'replications.remarks': { params: Named; answer: Array<PlannedRemark> };
  /** Returns why the latest plan would do nothing about contacts, the most frequent reason first. */
  'replications.unplanned_reasons': { params: Named; answer: Array<UnplannedReason> };
  /** Returns contacts that the latest plan would do nothing about, page by page. */
  'replications.unplanned': { params: UnplannedRequest; answer: UnplannedPage };
  /** Says field by field what a run would do with a contact. */
  'replications.difference': { params: ContactOf; answer: Difference };
  /** Works out what a run would do, and finds every person in the org. */
  'replications.match': { params: Named; answer: PlanReport };
  /** Lets scheduled runs go on that wait for someone. */
  'replications.release': { params: Named; answer: ReplicationInfo };
  /** Sends what is due; `jobs.cancel` stops it between requests. */
  'replications.run': { params: RunReplication; answer: RunOutcome };
  /** Shows the mapping in force. */
  'mappings.show': { params: Named; answer: MappingInfo };
  /** Checks a text, or the mapping in force, against the fields that are known. */
  'mappings.check': { params: CheckText; answer: Checked };
  /** Replaces the mapping by a text. */
  'mappings.import': { params: MappingText; answer: MappingInfo };
  /** Shows the mapping in force as a grid. */
  'mappings.grid': { params: ShowGrid; answer: MappingGrid };
  /** Shows a mapping that is not saved yet as a grid, after changes to it. */
  'mappings.try': { params: TryGrid; answer: MappingGrid };
  /** Saves a mapping that was tried; it may still lack what a run needs. */
  'mappings.save': { params: MappingText; answer: null };
  /** Returns the contact after or before another one; after the last comes the first. */
  'mappings.samples': { params: WalkSamples; answer: SampleContact | null };
  /** Returns what can be chosen for a target. */
  'mappings.sources': { params: SourcesFor; answer: Choices };
  /** Returns what the value map of a row can be made of: what contacts have and how often, and what the org offers. */
  'mappings.values': { params: ValuesFor; answer: MapValues };
  /** Returns how the values of the contacts that the replication selects fit the fields, for a text or the mapping in force. */
  'mappings.troubles': { params: CheckText; answer: RowTroubles };
  /** Returns the names that templates know. */
  'mappings.template_names': { params: OfSample; answer: Array<TemplateName> };
  /** Renders a template for a sample contact, or says what is wrong with it; saves nothing. */
  'mappings.preview_template': { params: PreviewTemplate; answer: TemplatePreview };
  /** Fills what is certain and proposes what is likely for fields that have no source; saves nothing. */
  'mappings.auto_match': { params: CheckText; answer: AutoMatched };
  /** Tells what a pasted text would set, line by line; saves nothing. */
  'mappings.paste': { params: PasteText; answer: Pasted };
  /** Returns what has changed about the org's fields since the user last saw it, for one replication or for all. */
  'mappings.drift': { params: DriftOf; answer: Array<FieldDrift> };
  /** Keeps that the user has seen what has changed for a replication. */
  'mappings.seen_drift': { params: Named; answer: null };
  /** Shows the queue: what needs a person first. */
  'queue.list': { params: QueuePage; answer: QueueList };
  /** Lets blocked and given-up contacts be tried again with the next run. */
  'queue.retry': { params: Retry; answer: WaitingAgain };
  /** Releases contacts on hold: they are sent again with the next run. */
  'queue.release': { params: Release; answer: WaitingAgain };
  /** Returns the latest runs, the latest first. */
  'runs.list': { params: RunPage; answer: Array<RunInfo> };
  /** Shows a run, with the first rows that it sent. */
  'runs.show': { params: OneRun; answer: RunCard };
  /** Returns contacts of a run, with what was sent and what their records held before, page by page. */
  'runs.contacts': { params: RunContactsQuery; answer: RunContactsPage };
  /** Reads back the first records that a run has sent, and compares them field by field. */
  'runs.check': { params: CheckRun; answer: RunCheck };
  /** Returns what undoing a run would do as it was planned last, and what was done of it. */
  'runs.undo_plan': { params: UndoOf; answer: UndoPlan };
  /** Works out what undoing a run would do: Salesforce is read, and nothing is changed there. */
  'runs.plan_undo': { params: UndoOf; answer: UndoPlan };
  /** Returns records of a run, as they were planned or undone, page by page. */
  'runs.undo_rows': { params: UndoQuery; answer: UndoPage };
  /** Undoes a run; `jobs.cancel` stops it between requests. */
  'runs.undo': { params: UndoOf; answer: UndoOutcome };
  /** Returns the latest alerts, the latest first. */
  'alerts.list': { params: Nothing; answer: Alerts };
  /** Says that someone has seen all alerts until this one. */
  'alerts.seen': { params: Seen; answer: Alerts };
  /** Returns a page of links, of one connection's org where one is named. */
  'links.list': { params: LinkPage; answer: LinkList };
  /** Links a contact to a record that the org has, and writes the contact's guid into the record. */
  'links.set': { params: SetLink; answer: Linked };
  /** Tells what linking a contact to a record would write. One call; nothing is written. */
  'links.preview': { params: SetLink; answer: LinkPreview };
  /** Chooses one of the two records of a contact that another one was merged into; the links to the others go. */
  'links.keep': { params: KeepRecord; answer: RecordKept };
  /** Finds contacts and records that are probably one person, from what pulls have read; nothing is linked. */
  'links.find': { params: FindLinks; answer: LinkPairs };
  /** Links pairs that were confirmed, up to 200 records a call. */
  'links.confirm': { params: ConfirmLinks; answer: LinksConfirmed };
  /** Removes a contact's links: all, or those of one connection's org, or to one object. */
  'links.remove': { params: RemoveLinks; answer: LinksRemoved };
  /** Returns the fields of an object that can be asked for and shown. */
  'search.fields': { params: AskFields; answer: SearchFields };
  /** Returns the records that a search finds, page by page. */
  'search.run': { params: RunSearch; answer: Found };
  /** Returns the next page of a search. */
  'search.next': { params: AskNext; answer: Found };
  /** Runs a statement of the user's own, which only reads, and returns a page of what it finds. */
  'search.soql': { params: AskSoql; answer: SoqlFound };
  /** Brings found leads or contacts in as contacts, linked to their records. */
  'search.import': { params: ImportRecords; answer: RecordsImported };
  /** Returns all saved searches. */
  'search.saved': { params: Nothing; answer: Array<SavedSearch> };
  /** Saves a search. */
  'search.save': { params: SaveSearch; answer: SavedSearch };
  /** Gives a saved search another name. */
  'search.rename': { params: RenameSearch; answer: null };
  /** Removes a saved search. */
  'search.remove': { params: RemoveSearch; answer: null };
  /** Returns all pulls by name, each with its last run. */
  'pulls.list': { params: Nothing; answer: PullsListed };
  /** Returns a pull with its objects and its latest runs. */
  'pulls.show': { params: Named; answer: PullDetails };
  /** Returns the fields of an object, as a pull can read them; one call where they aren't known here. */
  'pulls.fields': { params: AskPullFields; answer: PullFields };
  /** Adds a pull. */
  'pulls.add': { params: AddPull; answer: PullDetails };
  /** Changes what a pull reads, or its name. */
  'pulls.set': { params: SetPull; answer: PullDetails };
  /** Lets a pull read from another connection; what it has read stays in the mirror. */
  'pulls.move': { params: MovePull; answer: PullMoved };
  /** Returns when a pull would run next by a schedule, before it is saved. */
  'pulls.next_run': { params: NextPullBy; answer: NextPull };
  /** Removes a pull with its history; what it has read stays in the mirror. */
  'pulls.remove': { params: Named; answer: null };
  /** Returns what the mirror needs for a pull, or makes it. */
  'pulls.schema': { params: SchemaRequest; answer: PullSchema };
  /** Reads what has changed; `jobs.cancel` stops it between requests. */
  'pulls.run': { params: Named; answer: PullOutcome };
  /** Returns the mirrored objects with their counts. */
  'mirror.objects': { params: Nothing; answer: MirroredObjects };
  /** Returns the objects of an org that can be pulled, with about how many records each has. Two calls. */
  'mirror.org_objects': { params: AskOrgObjects; answer: OrgObjectsListed };
  /** Returns records of an object: a page of the mirror, or 20 rows of the org where it isn't mirrored. */
  'mirror.list': { params: AskRecords; answer: RecordsListed };
  /** Returns a record of the mirror. */
  'mirror.show': { params: OneRecord; answer: MirroredRecord };
  /** Returns what the mirror holds of the records that a contact is linked to; read anew from the org on request. */
  'mirror.of_contact': { params: AskBeside; answer: BesideContact };
  /** Returns what segments, filters, mappings, templates and exports can ask of the mirror. */
  'mirror.askable': { params: Nothing; answer: Askable };
  /** Returns what the fields of an object hold. */
  'mirror.profile': { params: AskProfile; answer: ObjectProfile };
  /** Returns what a pull brings into contacts, and what it could. */
  'inbound.show': { params: Named; answer: InboundMapping };
  /** Changes what a pull brings into contacts. */
  'inbound.set': { params: SetInbound; answer: InboundMapping };
  /** Checks what a pull brings into contacts against the fields on both sides. */
  'inbound.check': { params: Named; answer: InboundChecked };
  /** Returns fields that were changed on both sides, with both values. */
  'conflicts.list': { params: AskConflicts; answer: ConflictsPage };
  /** Resolves fields that were changed on both sides. */
  'conflicts.resolve': { params: ResolveConflicts; answer: ConflictsResolved };
  /** Looks at everything; asks the orgs unless offline. */
  'doctor.examine': { params: Examine; answer: DoctorReport };
  /** Explains what a text names: a code, or an error as Leadferry, Salesforce or a log told it. */
  'doctor.explain': { params: Explain; answer: Diagnosis };
  /** Returns every code that is explained: its cause, who can cure it and how. */
  'help.errors': { params: Nothing; answer: Array<ErrorExplained> };
  /** Tells what this is, and where it keeps things on this machine. */
  'help.about': { params: Nothing; answer: About };
};

/** Concepts whose answers a command makes stale. */
export const stales: { readonly [name in keyof Commands]?: readonly string[] } = {
  'workspaces.create': ["workspaces"],
  'workspaces.try_practice': ["workspaces", "contacts", "scores", "connections", "replications"],
  'workspaces.close': ["workspaces"],
  'workspaces.restore': ["workspaces"],
  'workspaces.approve': ["workspaces", "connections", "replications"],
  'workspaces.set': ["workspaces"],
  'contacts.add': ["contacts", "workspaces", "consents"],
  'contacts.set': ["contacts", "queue", "consents"],
  'contacts.edit': ["contacts", "queue", "consents"],
  'contacts.merge': ["contacts", "workspaces", "queue", "consents"],
  'contacts.delete': ["contacts", "workspaces", "queue"],
  'contacts.erase': ["contacts", "workspaces", "queue", "imports", "search", "consents"],
  'contacts.erase_traces': ["contacts", "workspaces", "queue", "imports", "search", "consents"],
  'contacts.undo': ["contacts", "workspaces", "queue", "imports", "consents"],
  'accounts.add': ["accounts", "workspaces"],
  'accounts.set': ["accounts", "contacts"],
  'accounts.delete': ["accounts", "contacts", "workspaces"],
  'accounts.join': ["accounts", "contacts"],
  'custom_fields.add': ["custom_fields", "contacts"],
  'custom_fields.rename': ["custom_fields", "contacts", "segments", "scores", "mappings", "replications"],
  'custom_fields.remove': ["custom_fields", "contacts"],
  'imports.run': ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"],
  'imports.resume': ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"],
  'imports.mend': ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"],
  'activities.add_type': ["activities"],
  'activities.rename_type': ["activities", "segments", "scores"],
  'activities.remove_type': ["activities"],
  'activities.add': ["activities", "contacts"],
  'activities.remove': ["activities", "contacts"],
  'activities.import': ["activities", "contacts", "imports", "scores", "segments"],
  'consents.add': ["consents", "consent_syncs"],
  'consents.rename': ["consents", "consent_syncs", "segments", "scores", "replications", "mappings"],
  'consents.remove': ["consents", "consent_syncs", "contacts"],
  'consents.record': ["consents", "contacts", "segments", "scores"],
  'consents.add_wording': ["consents"],
  'consent_syncs.add': ["consent_syncs", "replications", "workspaces"],
  'consent_syncs.set': ["consent_syncs", "replications", "mappings"],
  'consent_syncs.remove': ["consent_syncs", "replications", "workspaces", "queue", "runs"],
  'consent_syncs.map': ["consent_syncs", "replications", "mappings"],
  'consent_syncs.fields': ["consent_syncs", "connections", "replications", "mappings"],
  'scores.add': ["scores", "workspaces"],
  'scores.set': ["scores", "replications"],
  'scores.remove': ["scores", "contacts", "workspaces"],
  'scores.recalculate': ["scores", "contacts", "segments"],
  'segments.add': ["segments", "contacts"],
  'segments.set': ["segments", "contacts", "scores"],
  'segments.remove': ["segments", "contacts"],
  'segments.copy': ["segments", "contacts"],
  'segments.combine': ["segments", "contacts"],
  'segments.refresh': ["segments", "contacts"],
  'segments.set_members': ["segments", "contacts"],
  'segments.add_emails': ["segments"],
  'segments.remove_email_list': ["segments"],
  'connections.add': ["connections", "workspaces", "practice"],
  'connections.set': ["connections", "replications"],
  'connections.authorize': ["connections", "mappings"],
  'connections.test': ["connections", "mappings"],
  'connections.check': ["connections", "mappings"],
  'connections.set_proxy': ["connections"],
  'connections.remove': ["connections", "workspaces"],
  'connections.revoke': ["connections"],
  'connections.make_key': ["connections"],
  'connections.import_key': ["connections"],
  'connections.discard_key': ["connections"],
  'connections.discard_draft': ["connections"],
  'practice.add_fault': ["practice"],
  'practice.clear_faults': ["practice"],
  'practice.adopt': ["practice", "connections", "mappings", "replications"],
  'replications.add': ["replications", "workspaces"],
  'replications.set': ["replications", "mappings"],
  'replications.set_up_at': ["replications"],
  'replications.copy': ["replications", "workspaces"],
  'replications.remove': ["replications", "workspaces", "queue", "runs"],
  'replications.prepare_org': ["connections", "mappings"],
  'replications.reconcile': ["replications", "connections"],
  'replications.send_again': ["replications", "queue"],
  'replications.activate': ["replications", "mappings", "segments"],
  'replications.activate_all': ["replications", "mappings", "segments"],
  'replications.deactivate': ["replications", "mappings", "segments"],
  'replications.set_partner': ["replications", "queue", "segments"],
  'replications.remove_partner': ["replications", "queue", "segments"],
  'replications.plan': ["replications"],
  'replications.match': ["replications", "connections"],
  'replications.release': ["replications"],
  'replications.run': ["replications", "consent_syncs", "queue", "runs", "links", "contacts", "connections"],
  'mappings.import': ["mappings", "replications"],
  'mappings.save': ["mappings", "replications"],
  'mappings.seen_drift': ["mappings"],
  'queue.retry': ["queue", "replications", "contacts"],
  'queue.release': ["queue", "replications", "contacts"],
  'runs.check': ["connections"],
  'runs.plan_undo': ["runs", "connections"],
  'runs.undo': ["replications", "queue", "runs", "links", "contacts", "connections"],
  'alerts.seen': ["alerts"],
  'links.set': ["links", "contacts", "queue", "search", "mirror"],
  'links.keep': ["links", "contacts", "queue", "search", "mirror"],
  'links.confirm': ["links", "contacts", "queue", "search", "mirror"],
  'links.remove': ["links", "contacts", "queue", "search", "mirror"],
  'search.import': ["search", "contacts", "links", "workspaces"],
  'search.save': ["search"],
  'search.rename': ["search"],
  'search.remove': ["search"],
  'pulls.add': ["pulls", "mirror"],
  'pulls.set': ["pulls", "mirror", "inbound"],
  'pulls.move': ["pulls", "mirror", "inbound", "conflicts"],
  'pulls.remove': ["pulls", "mirror"],
  'pulls.schema': ["pulls", "mirror", "connections"],
  'pulls.run': ["pulls", "mirror", "connections", "contacts", "conflicts"],
  'inbound.set': ["inbound", "pulls"],
  'conflicts.resolve': ["conflicts", "contacts", "replications"],
};

/** Questions that may cost API calls: their answers say how many in `calls`. */
export const asksOrg: ReadonlySet<string> = new Set<keyof Commands>([
  'links.preview',
  'search.fields',
  'pulls.fields',
  'mirror.org_objects',
  'mirror.list',
  'mirror.of_contact',
  'mirror.profile',
]);

/** What each number of contacts is called, on every screen. */
export const figureNames = {
  waiting: 'Waiting',
  blocked: 'Blocked',
  sent: 'Sent',
  held: 'On hold',
  created: 'Created',
  updated: 'Updated',
  unchanged: 'Unchanged',
} as const;

/**
 * What this is, and where it keeps things on this machine.
 */
export type About = { 
/**
 * The version.
 */
version: string, 
/**
 * The licence, as an SPDX expression.
 */
licence: string, 
/**
 * Where locks, logs and the file of secrets are.
 */
data_folder: string, 
/**
 * Where the logs are; nothing of contacts stands in them.
 */
logs_folder: string, };

/**
 * A company with its people.
 */
export type AccountCard = { 
/**
 * Its contacts, at most the number asked for.
 */
members: Array<Member>, 
/**
 * Its row, for the next page.
 */
id: AccountId, 
/**
 * Its set fields by name.
 */
fields: { [key in string]: string }, };

export type AccountFields = { 
/**
 * The account.
 */
account: AccountId, 
/**
 * Values by field name.
 */
fields: { [key in string]: string }, };

/**
 * An account's row.
 */
export type AccountId = number;

/**
 * A company.
 */
export type AccountInfo = { 
/**
 * Its row, for the next page.
 */
id: AccountId, 
/**
 * Its set fields by name.
 */
fields: { [key in string]: string }, };

/**
 * A line of the list of accounts.
 */
export type AccountLine = { 
/**
 * How many contacts it has.
 */
members: number, 
/**
 * Its row, for the next page.
 */
id: AccountId, 
/**
 * Its set fields by name.
 */
fields: { [key in string]: string }, };

/**
 * Accounts by name.
 */
export type AccountLines = { 
/**
 * The page.
 */
lines: Array<AccountLine>, 
/**
 * How many there are in all.
 */
total: number, };

export type AccountPage = { 
/**
 * How the names begin; empty for all.
 */
begin: string, 
/**
 * Place of the first one.
 */
from: number, 
/**
 * Length of the page.
 */
limit: number, };

/**
 * An act that can be undone.
 */
export type ActId = number;

/**
 * An act that can be, or was, undone.
 */
export type ActInfo = { 
/**
 * Whom it is about, where that is a single contact: its name today, else its email, else its company.
 */
who: string | null, 
/**
 * The contact, where it is a single one that is still there.
 */
contact: Guid | null, 
/**
 * Id.
 */
id: ActId, 
/**
 * What it did.
 */
kind: ActKind, 
/**
 * The same in a few words, without anybody's data.
 */
summary: string, 
/**
 * Contacts that it changed.
 */
contacts: number, 
/**
 * The import, for one.
 */
import: ImportId | null, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * When it was undone, UTC milliseconds.
 */
undone_at: number | null, };

/**
 * What an act did.
 */
export type ActKind = "delete" | "merge" | "bulk_edit" | "import";

/**
 * A segment whose status is written.
 */
export type Activation = { 
/**
 * The segment.
 */
segment: string, 
/**
 * The field that its status is written to.
 */
mapping_id: string, 
/**
 * How it stands with that field.
 */
state: MappingIdState, 
/**
 * What is wrong with it, and what to do.
 */
trouble: Finding | null, 
/**
 * Members, as last calculated.
 */
members: number, 
/**
 * The first day on which it is written, such as `2026-12-01`; from the beginning where unset.
 */
from: string | null, 
/**
 * The last day on which it is written; without end where unset.
 */
until: string | null, 
/**
 * Where today lies.
 */
phase: Phase, };

/**
 * What is asked of an activation; what is unset stays as it is.
 */
export type ActivationRequest = { 
/**
 * The replication.
 */
name: string, 
/**
 * The segment.
 */
segment: string, 
/**
 * The field that its status is written to; the proposed one where the segment is not active yet.
 */
mapping_id?: string, 
/**
 * The first day on which it is written, such as `2026-12-01`; empty for from the beginning.
 */
from?: string, 
/**
 * The last day on which it is written; empty for without end.
 */
until?: string, };

/**
 * The activated segments of a replication.
 */
export type Activations = { 
/**
 * The replication.
 */
replication: string, 
/**
 * The segments, in the order of the mapping.
 */
active: Array<Activation>, 
/**
 * Segments that other replications write to the same object.
 */
elsewhere: number, 
/**
 * The most that the object is to have.
 */
most: number, 
/**
 * Segments that are not active here, each with the Mapping ID that would be proposed.
 */
proposed: Array<[string, string]>, 
/**
 * Fields of the org that can hold a status and are free.
 */
fields: Array<string>, };

/**
 * A column, and what it would be read as.
 */
export type ActivitiesColumn = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it holds, in the words of a request; none where it is left out.
 */
holds: string | null, 
/**
 * Its first values.
 */
samples: Array<string>, };

/**
 * What an import of activities came to.
 */
export type ActivitiesOutcome = { 
/**
 * The import.
 */
import: number, 
/**
 * The file was read to its end; otherwise the same request goes on from there.
 */
finished: boolean, 
/**
 * An interrupted import was taken up.
 */
resumed: boolean, 
/**
 * Data rows taken in or reported.
 */
rows: number, 
/**
 * Activities of contacts.
 */
added: number, 
/**
 * Activities of people who are not here yet.
 */
waiting: number, 
/**
 * Blank rows.
 */
skipped: number, 
/**
 * Rows that could not be taken in.
 */
faulty: number, 
/**
 * Where these are.
 */
errors_file: string | null, 
/**
 * The first of them.
 */
faults: Array<Fault>, 
/**
 * What to know about the import as a whole.
 */
warnings: Array<Warning>, 
/**
 * Types that were not known before.
 */
types_created: Array<string>, 
/**
 * Columns that were left out.
 */
columns_ignored: Array<string>, };

/**
 * A file of activities, before anything is taken in.
 */
export type ActivitiesPreview = { 
/**
 * `csv`, `xlsx` or `vcard`.
 */
format: string, 
/**
 * The sheet of a spreadsheet.
 */
sheet: string | null, 
/**
 * All sheets of it.
 */
sheets: Array<Sheet>, 
/**
 * The row with the column names as the file counts.
 */
header_row: number, 
/**
 * The first rows that are not blank, to choose another one from.
 */
first_rows: Array<FirstRow>, 
/**
 * What could not be decided for sure.
 */
warnings: Array<Warning>, 
/**
 * Its columns.
 */
columns: Array<ActivitiesColumn>, 
/**
 * Why it cannot be taken in as it would be read.
 */
trouble: string | null, 
/**
 * The very file was imported before.
 */
imported_before: boolean, };

/**
 * What to import, and how.
 */
export type ActivitiesRequest = { 
/**
 * The CSV or XLSX file.
 */
file: string, 
/**
 * The sheet of a spreadsheet; the visible one that looks most like such a list where unset.
 */
sheet: string | null, 
/**
 * The row with the column names as the file counts, from 1; found out where unset.
 */
header_row: number | null, 
/**
 * An encoding label such as `windows-1252`; found out where unset.
 */
encoding: string | null, 
/**
 * What separates cells; found out where unset.
 */
delimiter: string | null, 
/**
 * Column name and what it holds: `email`, `guid`, `type`, `time`, `value`, `url`, `title`, `note`, or `-`.
 */
map: Array<[string, string]>, 
/**
 * The type of rows that name none.
 */
kind: string | null, 
/**
 * Types that are not known are added; otherwise such rows are faulty.
 */
create_types: boolean, 
/**
 * The order of dates like 03/04/1990; found out where unset.
 */
dates: DateOrder | null, 
/**
 * The zone of times that name none; the workspace's where unset.
 */
time_zone: string | null, 
/**
 * Where faulty rows go; beside the file where unset.
 */
errors_file: string | null, 
/**
 * Import a file that was imported before.
 */
again: boolean, };

/**
 * A condition on what an activity has.
 */
export type ActivityCondition = { 
/**
 * What is compared.
 */
field: ActivityField, 
/**
 * How.
 */
op: Operator, 
/**
 * With what.
 */
value?: unknown, };

/**
 * What activities have besides their time.
 */
export type ActivityField = "value" | "url" | "title" | "note";

/**
 * An activity.
 */
export type ActivityId = number;

/**
 * Something that somebody did.
 */
export type ActivityLine = { 
/**
 * Its row.
 */
id: ActivityId, 
/**
 * The name of its type.
 */
kind: string, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * A number, such as the worth of an order.
 */
value: number | null, 
/**
 * A page.
 */
url: string | null, 
/**
 * A title.
 */
title: string | null, 
/**
 * A note.
 */
note: string | null, };

/**
 * Activities of a type: how often, when, and of what kind.
 */
export type ActivityRule = { 
/**
 * The type's name.
 */
activity: string, 
/**
 * How often; at least once where unset.
 */
times?: Times, 
/**
 * Only those that are not longer ago, such as `30 days`.
 */
within?: string, 
/**
 * The latest is longer ago than this, such as `90 days`.
 */
not_within?: string, 
/**
 * Only those from this date on.
 */
since?: string, 
/**
 * Only those until the end of this date.
 */
until?: string, 
/**
 * Only those of which all of this holds.
 */
with?: Array<ActivityCondition>, };

/**
 * A kind of activity.
 */
export type ActivityTypeInfo = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is.
 */
description: string, };

/**
 * A consent sync to be added.
 */
export type AddConsentSync = { 
/**
 * Name, unique among consent syncs and replications.
 */
name: string, 
/**
 * `Lead` or `Contact`.
 */
object: string, 
/**
 * Everything else; what is not said takes its default.
 */
settings: ConsentSyncChange, };

export type AddEmails = { 
/**
 * The list's name.
 */
list: string, 
/**
 * Any text with addresses in it.
 */
text: string, };

export type AddField = { 
/**
 * Its name.
 */
name: string, 
/**
 * `text`, `long_text`, `integer`, `long_integer`, `decimal`, `float`, `yes_no`, `date` or `date_time`.
 */
kind: string, 
/**
 * Digits after the point, of a decimal.
 */
scale?: number, };

/**
 * A pull to be added.
 */
export type AddPull = { 
/**
 * Its name.
 */
name: string, 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * What it reads.
 */
objects: Array<WantedObject>, 
/**
 * Its schedule and what else can be set.
 */
settings?: PullChange, };

export type Address = { 
/**
 * The https address of a record in a connected org.
 */
address: string, };

export type AdoptFrom = { 
/**
 * Name of the connection.
 */
connection: string, };

/**
 * What the practice org took over.
 */
export type Adopted = { 
/**
 * The connection whose org it was.
 */
connection: string, 
/**
 * Object by object.
 */
objects: Array<AdoptedObject>, };

/**
 * What became of the fields of one object.
 */
export type AdoptedObject = { 
/**
 * API name.
 */
object: string, 
/**
 * Custom fields that are new in the practice org.
 */
added: Array<string>, 
/**
 * Fields that are as in the other org now.
 */
changed: Array<string>, 
/**
 * Fields that the other org doesn't show its user.
 */
hidden: Array<string>, 
/**
 * Fields that the practice org can't have: formulas, numbers that the org gives, lookups.
 */
left_out: Array<string>, };

/**
 * An alert.
 */
export type Alert = { 
/**
 * Id; 0 for damage, which is no stored alert.
 */
id: AlertId, 
/**
 * What it is about.
 */
kind: AlertKind, 
/**
 * The replication.
 */
replication: string | null, 
/**
 * The score.
 */
score: string | null, 
/**
 * The pull.
 */
pull: string | null, 
/**
 * The contact that reached the score, the first of several.
 */
contact: Guid | null, 
/**
 * The run.
 */
run: number | null, 
/**
 * What has happened, in a sentence without its full stop.
 */
message: string, 
/**
 * How often it happened; how many contacts reached a score.
 */
times: number, 
/**
 * When it happened last, UTC milliseconds.
 */
at: number, 
/**
 * Whether someone has seen it.
 */
seen: boolean, };

/**
 * An alert.
 */
export type AlertId = number;

/**
 * What an alert is about.
 */
export type AlertKind = "finished" | "partly_failed" | "failed" | "late" | "sign_in_lost" | "api_low" | "score_reached" | "damaged";

/**
 * The alerts.
 */
export type Alerts = { 
/**
 * How many nobody has seen.
 */
unseen: number, 
/**
 * The latest, the latest first.
 */
alerts: Array<Alert>, };

/**
 * Use of the org's 24-hour allowance of API calls, when last seen.
 */
export type Allowance = { 
/**
 * Calls used.
 */
used: number, 
/**
 * Calls allowed.
 */
max: number, 
/**
 * When the org said so, UTC milliseconds.
 */
seen_at: number, };

/**
 * Which of Salesforce's APIs sends the rows.
 */
export type Api = "auto" | "collections" | "bulk";

/**
 * How the rows of a plan are sent, and what a run costs either way.
 */
export type ApiCosts = { 
/**
 * How they are sent.
 */
way: Way, 
/**
 * Why.
 */
why: WayReason, 
/**
 * API calls of a run that sends by Collections.
 */
collections: number, 
/**
 * API calls of a run that sends by Bulk API; `None` where it can't.
 */
bulk: number | null, };

/**
 * The API calls within an hour.
 */
export type ApiHour = { 
/**
 * When the hour begins, UTC milliseconds.
 */
at: number, 
/**
 * Calls of ours.
 */
ours: number, 
/**
 * Calls of other tools, at least: the org counts a sliding day, and what slides out of it is not seen.
 */
others: number, };

/**
 * The API calls of a connection within the last 24 hours.
 */
export type ApiUse = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The calls of 24 hours; `None` where the org has told nothing yet.
 */
budget: CallBudget | null, 
/**
 * Calls of ours within 24 hours, in all hours together.
 */
ours: number, 
/**
 * The hours, the earliest first; of the first one only the end lies within 24 hours, and the last one is under way.
 */
hours: Array<ApiHour>, };

export type Approve = { 
/**
 * The digest of the review that was shown.
 */
digest: string, };

/**
 * The contact whose records are wanted.
 */
export type AskBeside = { 
/**
 * The contact, by guid or email.
 */
contact: string, 
/**
 * Reads the records from Salesforce first, with one call for each.
 */
refresh?: boolean, };

/**
 * Which conflicts to list.
 */
export type AskConflicts = { 
/**
 * Only those with the org of this connection.
 */
connection?: string, 
/**
 * Only those of this object.
 */
object?: string, 
/**
 * Only those of this contact, by guid or email.
 */
contact?: string, 
/**
 * Only those of this field, by API name.
 */
field?: string, 
/**
 * Those after this one.
 */
after?: ConflictCursor, 
/**
 * How many; 50 without.
 */
limit?: number, };

/**
 * A question for an object's fields.
 */
export type AskFields = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * The object.
 */
object: OrgObject, 
/**
 * Whether the org is asked in any case.
 */
refresh?: boolean, };

/**
 * The page after another one.
 */
export type AskNext = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * What was looked for.
 */
search: OrgSearch, 
/**
 * [`Found::next`] of the page before.
 */
next: string, 
/**
 * How many records there were on the pages before: where the org has forgotten the search, it is asked again.
 */
seen: number, };

/**
 * A question for the objects of an org.
 */
export type AskOrgObjects = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, };

/**
 * Which fields to profile.
 */
export type AskProfile = { 
/**
 * API names; none profiles every field.
 */
fields?: Array<string>, 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * API name.
 */
object: string, };

/**
 * A question for an object's fields.
 */
export type AskPullFields = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * API name of the object.
 */
object: string, };

/**
 * Which records to list.
 */
export type AskRecords = { 
/**
 * API names of the fields to show; none shows what is usual.
 */
columns?: Array<string>, 
/**
 * A text that the records contain.
 */
text?: string, 
/**
 * Only records in this state.
 */
state?: MirrorState, 
/**
 * Records after this one.
 */
after?: string, 
/**
 * How many; 50 without.
 */
limit?: number, 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * API name.
 */
object: string, };

/**
 * A statement to be run.
 */
export type AskSoql = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * The statement; only `SELECT` is one.
 */
soql: string, 
/**
 * [`SoqlFound::next`] of the page before; the first page without.
 */
next?: string, };

/**
 * What can be asked of the mirror.
 */
export type Askable = { 
/**
 * Fields of the linked record, its account and its owner.
 */
fields: Array<AskableField>, 
/**
 * Opportunities have been pulled.
 */
opportunities: boolean, 
/**
 * Their fields.
 */
opportunity_fields: Array<AskableField>, 
/**
 * Campaign members have been pulled.
 */
campaigns: boolean, 
/**
 * Names of the campaigns.
 */
campaign_names: Array<string>, };

/**
 * A field of Salesforce's data that can be asked for by name.
 */
export type AskableField = { 
/**
 * The name, such as `Salesforce.Account.Industry`; of an opportunity its API name.
 */
name: string, 
/**
 * The org's label.
 */
label: string, 
/**
 * Whose field it is, such as `Account in Salesforce`.
 */
group: string, 
/**
 * What it holds, in the words of contact fields.
 */
kind: string, };

/**
 * An assertion, decoded. It lacks the signature: nobody can sign in with what is shown.
 */
export type Assertion = { 
/**
 * The connection.
 */
connection: string, 
/**
 * Where it would be sent.
 */
sent_to: string, 
/**
 * How it is signed.
 */
header: JsonValue, 
/**
 * What it says.
 */
claims: JsonValue, 
/**
 * When it would be made, UTC milliseconds.
 */
made_at: number, 
/**
 * Until when it would be valid, UTC milliseconds.
 */
expires_at: number, 
/**
 * The key that signs it.
 */
key: SigningKey | null, 
/**
 * What is worth knowing about it.
 */
warnings: Array<ConnectionWarning>, };

/**
 * What auto-matching makes of a mapping.
 */
export type AutoMatched = { 
/**
 * The mapping with the certain rows added.
 */
text: string, 
/**
 * The targets that these fill, as people call them.
 */
filled: Array<string>, 
/**
 * The likely rows as text, one a line.
 */
likely: string, 
/**
 * How many these are.
 */
likely_count: number, };

export type BackUp = { path?: string, };

export type BackedUp = { 
/**
 * The copy.
 */
path: string, };

/**
 * What stands in Salesforce, as far as is known.
 */
export type Before = { "known": "nothing" } | { "known": "now", 
/**
 * What it holds; `null` is empty.
 */
value: JsonValue, } | { "known": "sent", 
/**
 * The value.
 */
value: JsonValue, } | { "known": "other" } | { "known": "unknown" };

/**
 * Which of the ways to begin have been taken.
 */
export type Begun = { 
/**
 * The practice org is connected.
 */
practice: boolean, 
/**
 * An org of the user's own is connected.
 */
connect: boolean, 
/**
 * Contacts of the user's own were brought in.
 */
import: boolean, };

/**
 * Salesforce's data beside a contact.
 */
export type BesideContact = { 
/**
 * The records that the contact is linked to; none where it is linked to nothing.
 */
records: Array<RecordBeside>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * A reason for which contacts are blocked.
 */
export type BlockedBy = { 
/**
 * The org's code, or ours in lower case.
 */
code: string, 
/**
 * The field that it is about, or the relationship to a parent.
 */
field: string | null, 
/**
 * How many contacts.
 */
contacts: number, 
/**
 * What happened to one of them, with some of the values, and what to do.
 */
message: string, };

/**
 * How far a job is.
 */
export type BulkJobState = "gathering" | "creating" | "open" | "processing" | "complete" | "aborted" | "failed" | "gone" | "withdrawn";

/**
 * The calls that are left, as far as the org has told.
 */
export type CallBudget = { 
/**
 * Everybody's calls within 24 hours: as the org told, less those that have lapsed since, more those that we have
 * made since.
 */
used: number, 
/**
 * Calls of ours within 24 hours, as far as the org counts them.
 */
ours: number, 
/**
 * Calls allowed within 24 hours.
 */
max: number, 
/**
 * Calls that are kept for other tools.
 */
reserve: number, 
/**
 * Calls that a run may make now.
 */
room: number, 
/**
 * Until when the room lasts at the pace of the last hour, UTC milliseconds; `None` where that is a day or longer.
 */
lasts_until: number | null, };

/**
 * The callback address of a port, and whether it can be used now.
 */
export type CallbackCheck = { 
/**
 * The address, exactly as the app must list it.
 */
callback: string, 
/**
 * Whether no other program listens there.
 */
free: boolean, };

export type CallbackPort = { 
/**
 * The port.
 */
port: number, };

/**
 * API calls that an answer cost, and what is left.
 */
export type CallsSpent = { 
/**
 * Calls made for this answer.
 */
calls: number, 
/**
 * Calls used within 24 hours; none where the org has told nothing yet.
 */
used: number | null, 
/**
 * Calls allowed within 24 hours.
 */
allowed: number | null, };

/**
 * Membership of the linked record in a campaign.
 */
export type CampaignRule = { 
/**
 * The campaign's name, or `any`.
 */
campaign: string, 
/**
 * How the record stands towards it.
 */
is: CampaignStanding, 
/**
 * Only members with this status.
 */
status?: string, };

/**
 * How somebody stands towards a campaign.
 */
export type CampaignStanding = "member" | "not_member" | "responded" | "not_responded";

export type CancelJob = { 
/**
 * The job.
 */
id: string, };

/**
 * A record that may be the contact, or a contact that has the same e-mail.
 */
export type Candidate = { 
/**
 * The record's object; none for a contact of ours.
 */
object: string | null, 
/**
 * The record's id; none for a contact of ours.
 */
record: string | null, 
/**
 * The record's or the contact's name, where known.
 */
name: string | null, 
/**
 * The record's or the contact's email, where known.
 */
email: string | null, 
/**
 * The record's or the contact's company, where known.
 */
company: string | null, 
/**
 * The record's https address; none for the practice org.
 */
address?: string, 
/**
 * The contact of ours: the one that has the same e-mail, or that the record is linked to already.
 */
contact: string | null, };

/**
 * Why contacts of a replication do not get through.
 */
export type Cause = { 
/**
 * The replication.
 */
replication: string, 
/**
 * The org's code, or ours in lower case.
 */
code: string, 
/**
 * The cause in two or three words.
 */
label: string, 
/**
 * The cause in a sentence.
 */
cause: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * How many contacts.
 */
contacts: number, 
/**
 * It is tried again without anyone's help.
 */
tries_again: boolean, };

/**
 * A certificate. Nothing of it is secret.
 */
export type Certificate = { 
/**
 * Whom it names, such as `CN=Leadferry`.
 */
subject: string, 
/**
 * SHA-256 of it, in hex with colons, as Salesforce and openssl show it.
 */
sha256: string, 
/**
 * SHA-1 of it, in hex with colons.
 */
sha1: string, 
/**
 * From when on it is valid, UTC milliseconds.
 */
valid_from: number, 
/**
 * Until when it is valid, UTC milliseconds.
 */
expires_at: number, 
/**
 * Length of its key's modulus; 0 where the key isn't RSA.
 */
bits: number, 
/**
 * It as PEM, for upload.
 */
pem: string, };

export type CertificatePlace = { 
/**
 * Id of the key.
 */
key: string, 
/**
 * Where to; nothing may be there yet.
 */
path?: string, };

/**
 * A field that would be written.
 */
export type Change = { 
/**
 * API name.
 */
field: string, 
/**
 * What people read.
 */
label: string, 
/**
 * What stands there now.
 */
before: Before, 
/**
 * What would be sent.
 */
value: JsonValue, 
/**
 * What would be cut.
 */
cut: Cut | null, 
/**
 * The end of a text that would be cut off.
 */
lost: string | null, };

export type ChangedConnection = { 
/**
 * The connection.
 */
connection: string, 
/**
 * Its new name.
 */
name?: string, 
/**
 * Prefix, host or address of the org.
 */
host?: string, 
/**
 * Consumer key of the app in the org.
 */
client_id?: string, 
/**
 * Consumer secret; an empty one removes what is kept.
 */
client_secret?: string, 
/**
 * The one callback port that the app lists; 0 goes back to ours.
 */
callback_port?: number, 
/**
 * How it signs in; what was entered for host and app stays.
 */
flow?: Flow, 
/**
 * Who signs in.
 */
username?: string, 
/**
 * The user's password.
 */
password?: string, 
/**
 * The user's security token; an empty one removes what is kept.
 */
security_token?: string, 
/**
 * Id of the key that signs in.
 */
key?: string, 
/**
 * Whom assertions are for; an empty one goes back to what the host implies.
 */
audience?: string, 
/**
 * How long an assertion is valid, in seconds; 0 goes back to the default.
 */
lifetime_s?: number, };

/**
 * A field of an org that isn't what it was, and who uses it.
 */
export type ChangedField = { 
/**
 * Its object.
 */
object: string, 
/**
 * API name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What has changed, in a sentence.
 */
change: string, 
/**
 * Who uses it, and what that means for each.
 */
used_by: Array<FieldUser>, };

/**
 * A way to reach people that they can refuse.
 */
export type Channel = "email" | "phone" | "fax";

/**
 * How many contacts are opted out of a channel.
 */
export type ChannelOptOuts = { 
/**
 * The channel.
 */
channel: Channel, 
/**
 * The same in words.
 */
name: string, 
/**
 * Contacts that are not deleted.
 */
contacts: number, };

export type CheckFields = { 
/**
 * The consent sync.
 */
name: string, 
/**
 * Changes nothing.
 */
check_only: boolean, };

/**
 * What a front end offers against what was found.
 */
export type CheckFix = { "kind": "sign_in" } | { "kind": "prepare_org", 
/**
 * The replication.
 */
replication: string, } | { "kind": "mapping", 
/**
 * The replication.
 */
replication: string, } | { "kind": "proxy" };

/**
 * One thing that was looked at.
 */
export type CheckLine = { 
/**
 * What was looked at.
 */
what: string, 
/**
 * How it is: green, amber or red.
 */
finding: DoctorFinding, 
/**
 * What was seen.
 */
text: string, 
/**
 * What to do; empty where nothing has to be done.
 */
cure: string, 
/**
 * Who can do it.
 */
who: Who | null, 
/**
 * What to send to the admin, where it is theirs to do.
 */
note: string | null, 
/**
 * What a front end offers.
 */
fix: CheckFix | null, 
/**
 * What a front end acts on, where it does not work.
 */
code?: Code, };

export type CheckRun = { 
/**
 * The run.
 */
run: number, 
/**
 * How many records at most.
 */
limit: number, };

export type CheckText = { 
/**
 * The replication.
 */
name: string, 
/**
 * One row a line; the mapping in force without.
 */
text?: string, };

/**
 * What checking a mapping found.
 */
export type Checked = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Whether it can be used.
 */
usable: boolean, 
/**
 * What was found, by line.
 */
findings: Array<Finding>, };

/**
 * A field that was sent.
 */
export type CheckedField = { 
/**
 * API name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What was sent.
 */
sent: JsonValue, 
/**
 * What Salesforce holds.
 */
held: JsonValue, 
/**
 * Whether that is the same, as Salesforce writes it.
 */
same: boolean, };

/**
 * A record as Salesforce holds it.
 */
export type CheckedRecord = { 
/**
 * The record.
 */
record_id: string, 
/**
 * Whether the run created it.
 */
created: boolean, 
/**
 * Whether it isn't there anymore.
 */
gone: boolean, 
/**
 * The fields that were sent.
 */
fields: Array<CheckedField>, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A source that fits.
 */
export type Choice = { 
/**
 * What it is.
 */
source: SourceWords, 
/**
 * What the sample contact has for it; `None` where that is nothing.
 */
sample: string | null, 
/**
 * How that is written down.
 */
form: SentForm, 
/**
 * The picklist does not offer the sample's value.
 */
needs_map: boolean, 
/**
 * The row that it makes, as text.
 */
row: string, };

/**
 * What can be chosen for a target.
 */
export type Choices = { 
/**
 * The target.
 */
target: string, 
/**
 * Its type as the set-up pages name it.
 */
type_name: string, 
/**
 * The sources that fit, by group.
 */
fitting: Array<Choice>, 
/**
 * The sources that do not fit.
 */
misfits: Array<Misfit>, 
/**
 * The values that its picklist offers.
 */
picklist: Array<PicklistValue>, 
/**
 * The org refuses values that the picklist does not offer.
 */
restricted: boolean, 
/**
 * Text of one's own and templates can be written.
 */
takes_text: boolean, 
/**
 * The lookup's relationship, where its parent can be found by an External ID.
 */
relationship: string | null, };

/**
 * Which contacts an act is about.
 */
export type ChosenContacts = { 
/**
 * Guids or emails.
 */
contacts: Array<string>, } | { 
/**
 * The filter.
 */
filter: ContactsFilter, 
/**
 * Those to leave out, by guid or email; 10,000 at most.
 */
except: Array<string>, };

export type Close = { 
/**
 * Whether work goes on in the tray.
 */
keep_running: boolean, };

/**
 * What a front end can tell apart; each code exists because one acts on it.
 */
export type Code = "usage" | "already_imported" | "no_workspace" | "sign_in" | "unapproved" | "unconfirmed" | "limit" | "storage" | "rights" | "set_up" | "no_network" | "another_sender" | "cancelled" | "passphrase" | "read_only" | "newer" | "local";

/**
 * What would become of one column.
 */
export type ColumnPreview = { 
/**
 * Its name.
 */
name: string, 
/**
 * The field that it goes into, in the words of a request's map; `None` goes nowhere.
 */
field: string | null, 
/**
 * Its kind, where a custom field would be made for it.
 */
new_field: FieldKind | null, 
/**
 * The order in which its dates are read, of a column of dates.
 */
dates: DateOrder | null, 
/**
 * The sign before the decimals, of a column of numbers.
 */
decimal: DecimalSign | null, 
/**
 * Its cells are ids of Salesforce records.
 */
record_ids: boolean, 
/**
 * What its cells mean, of a column about consent.
 */
consent: string | null, 
/**
 * How sure that is.
 */
sure: Sureness, 
/**
 * The first filled cells, shortened.
 */
samples: Array<string>, };

export type Combine = { 
/**
 * The name of the new one.
 */
name: string, 
/**
 * How.
 */
how: SegmentCombination, 
/**
 * The segments.
 */
of: Array<string>, };

export type CompareRules = { 
/**
 * The segment.
 */
segment: string, 
/**
 * The new rules.
 */
tree: RuleTree, };

/**
 * How a number is compared.
 */
export type Comparison = "at_least" | "at_most" | "equals";

/**
 * A condition on one field.
 */
export type Condition = { 
/**
 * A built-in name, `custom:<name>`, `account:<field>` or a name of [`crate::AskedField`]; of several accounts or records
 * any one may fulfil it.
 */
field: string, 
/**
 * How it is compared.
 */
op: Operator, 
/**
 * What it is compared with; dates as `2026-01-31`, times as `2026-01-31T10:00:00Z`, spans as `30 days`, several
 * texts as a list.
 */
value?: JsonValue, };

/**
 * Pairs to be linked.
 */
export type ConfirmLinks = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * The pairs.
 */
pairs: Array<ConfirmedPair>, };

/**
 * A pair to be linked.
 */
export type ConfirmedPair = { 
/**
 * The contact, by guid or email.
 */
contact: string, 
/**
 * The record.
 */
record_id: string, };

/**
 * Where a page of conflicts goes on.
 */
export type ConflictCursor = { 
/**
 * The link of the last one.
 */
link: LinkId, 
/**
 * Its field.
 */
field: string, };

/**
 * A field that was changed on both sides.
 */
export type ConflictLine = { 
/**
 * What names it.
 */
id: ConflictCursor, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * The contact's name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * The contact field, as people read it.
 */
label: string, 
/**
 * The value that both sides last had, where it is known.
 */
agreed: string | null, 
/**
 * The contact's value.
 */
here: string | null, 
/**
 * The record's value, as last read.
 */
there: string | null, 
/**
 * Which of the two was changed later, as far as that is known.
 */
newer: ConflictSide | null, 
/**
 * When it was found, UTC milliseconds.
 */
found_at: number, };

/**
 * Whose value.
 */
export type ConflictSide = "here" | "there";

/**
 * A page of conflicts.
 */
export type ConflictsPage = { 
/**
 * The conflicts.
 */
conflicts: Array<ConflictLine>, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * Ask with this as `after` for the next page; none on the last one.
 */
next: ConflictCursor | null, };

/**
 * What resolving came to.
 */
export type ConflictsResolved = { 
/**
 * Conflicts that are resolved.
 */
resolved: number, 
/**
 * Conflicts that are left.
 */
left: number, 
/**
 * Values that the contact field can't hold; these conflicts are left, too.
 */
unfit: number, };

/**
 * An org that the workspace may talk to.
 */
export type Connection = { 
/**
 * Id.
 */
id: ConnectionId, 
/**
 * Name.
 */
name: string, 
/**
 * How it signs in.
 */
flow: Flow, 
/**
 * Login host as a URL; `None` for the practice org.
 */
host: string | null, 
/**
 * The app's client id.
 */
client_id: string | null, 
/**
 * The loopback port of the callback, where the user fixed one.
 */
callback_port: number | null, 
/**
 * Whether a client secret is kept.
 */
has_secret: boolean, 
/**
 * Where the secrets are.
 */
vault: Vault | null, 
/**
 * The org's id, once signed in.
 */
org_id: string | null, 
/**
 * The org's name.
 */
org_name: string | null, 
/**
 * The org's edition.
 */
edition: string | null, 
/**
 * Sandbox or production, where known.
 */
sandbox: boolean | null, 
/**
 * The user's id.
 */
user_id: string | null, 
/**
 * The user's name for signing in.
 */
username: string | null, 
/**
 * Where API calls go.
 */
instance_url: string | null, 
/**
 * The API version in use.
 */
api_version: number | null, 
/**
 * The 24-hour allowance, when last seen.
 */
allowance: Allowance | null, 
/**
 * When the last sign-in succeeded, UTC milliseconds.
 */
signed_in_at: number | null, 
/**
 * How it signs in with a key.
 */
jwt: JwtSettings, 
/**
 * When the key's certificate ends, UTC milliseconds.
 */
certificate_expires_at: number | null, 
/**
 * What else is known.
 */
facts: ConnectionFacts, };

/**
 * What a check has found.
 */
export type ConnectionCheck = { 
/**
 * The connection as it is now.
 */
connection: Connection, 
/**
 * What was looked at, in order.
 */
lines: Array<CheckLine>, 
/**
 * API calls that the check has used.
 */
calls: number, 
/**
 * When, UTC milliseconds.
 */
at: number, };

/**
 * What there is to know about a connection.
 */
export type ConnectionDetails = { 
/**
 * The connection.
 */
connection: Connection, 
/**
 * What its user may do with the objects that can be sent to.
 */
rights: Array<ObjectRights>, 
/**
 * The rights that were wanted, and whether they were granted.
 */
scopes: Array<Scope>, 
/**
 * What is worth knowing about it.
 */
warnings: Array<ConnectionWarning>, 
/**
 * Replications that use it.
 */
replications: Array<string>, };

/**
 * What is known about a connection beyond the sign-in itself; all of it may be unknown.
 */
export type ConnectionFacts = { 
/**
 * The user's own name.
 */
user_name: string | null, 
/**
 * The user's profile in the org.
 */
profile: string | null, 
/**
 * Rights granted at the last sign-in, separated by spaces; `None` where the answer named none.
 */
scopes: string | null, 
/**
 * Whether the last sign-in goes on without the browser.
 */
refreshable: boolean | null, 
/**
 * Whether the access token is a JSON Web Token; otherwise, it's a session id that only the org can read.
 */
token_is_jwt: boolean | null, 
/**
 * When the app's key was entered, UTC milliseconds, until somebody signs in: a new app isn't known at once.
 */
key_entered_at: number | null, 
/**
 * When the sign-in was renewed last, UTC milliseconds.
 */
renewed_at: number | null, 
/**
 * When the org was asked last, UTC milliseconds.
 */
checked_at: number | null, 
/**
 * Why the last look at the org failed; `None` when it did not.
 */
trouble: ConnectionTrouble | null, 
/**
 * Where the org saw this computer, when that could be read last.
 */
seen_address: SeenAddress | null, };

/**
 * A connection.
 */
export type ConnectionId = number;

/**
 * A connection, and what is left of its API calls.
 */
export type ConnectionInfo = { 
/**
 * The API calls of 24 hours; `None` where the org has told nothing yet.
 */
budget: CallBudget | null, 
/**
 * Set where the key's certificate ends within a month, or has ended.
 */
certificate_warning: ConnectionWarning | null, 
/**
 * Id.
 */
id: ConnectionId, 
/**
 * Name.
 */
name: string, 
/**
 * How it signs in.
 */
flow: Flow, 
/**
 * Login host as a URL; `None` for the practice org.
 */
host: string | null, 
/**
 * The app's client id.
 */
client_id: string | null, 
/**
 * The loopback port of the callback, where the user fixed one.
 */
callback_port: number | null, 
/**
 * Whether a client secret is kept.
 */
has_secret: boolean, 
/**
 * Where the secrets are.
 */
vault: Vault | null, 
/**
 * The org's id, once signed in.
 */
org_id: string | null, 
/**
 * The org's name.
 */
org_name: string | null, 
/**
 * The org's edition.
 */
edition: string | null, 
/**
 * Sandbox or production, where known.
 */
sandbox: boolean | null, 
/**
 * The user's id.
 */
user_id: string | null, 
/**
 * The user's name for signing in.
 */
username: string | null, 
/**
 * Where API calls go.
 */
instance_url: string | null, 
/**
 * The API version in use.
 */
api_version: number | null, 
/**
 * The 24-hour allowance, when last seen.
 */
allowance: Allowance | null, 
/**
 * When the last sign-in succeeded, UTC milliseconds.
 */
signed_in_at: number | null, 
/**
 * How it signs in with a key.
 */
jwt: JwtSettings, 
/**
 * When the key's certificate ends, UTC milliseconds.
 */
certificate_expires_at: number | null, 
/**
 * What else is known.
 */
facts: ConnectionFacts, };

/**
 * Why a connection did not work when it was tried last.
 */
export type ConnectionTrouble = { 
/**
 * What happened.
 */
message: string, 
/**
 * Why; empty where no more is known.
 */
cause: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * Whether someone has to sign in again.
 */
needs_sign_in: boolean, };

/**
 * Something worth knowing, and what to do about it.
 */
export type ConnectionWarning = { 
/**
 * What.
 */
text: string, 
/**
 * What to do.
 */
cure: string, };

/**
 * One entry of the ledger.
 */
export type ConsentEventInfo = { 
/**
 * Its place in the ledger, from 1.
 */
number: number, 
/**
 * What it is about, in words: the purpose's path as it was then, or the channel.
 */
about: string, 
/**
 * The channel; unset where it is about a purpose.
 */
channel: Channel | null, 
/**
 * Yes or no; for a channel *no* means opted out. Unset took an answer back.
 */
answer: boolean | null, 
/**
 * The answer in words.
 */
answered: string, 
/**
 * Why it is in the ledger.
 */
kind: EventKind, 
/**
 * How the answer was given.
 */
how: How, 
/**
 * The same in words.
 */
how_words: string, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * That moment was given; otherwise it is the moment of recording.
 */
stated: boolean, 
/**
 * The time zone of the workspace then.
 */
zone: string, 
/**
 * For a double opt-in, when they asked for it, UTC milliseconds.
 */
asked_at: number | null, 
/**
 * Where they were asked.
 */
source: string | null, 
/**
 * What they were asked, word for word.
 */
wording: WordingInfo | null, 
/**
 * When it was recorded, UTC milliseconds.
 */
recorded_at: number, 
/**
 * The salted hash that stands for the contact, as hex digits.
 */
subject: string, 
/**
 * The text whose SHA-256 is the hash; its first line is the hash of the event before.
 */
hashed: string, 
/**
 * The hash, as hex digits.
 */
hash: string, };

/**
 * A field of the org that can hold consent.
 */
export type ConsentField = { 
/**
 * API name.
 */
name: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * The type as the set-up pages name it.
 */
type_name: string, 
/**
 * What it can hold.
 */
fits: ConsentFit, };

/**
 * What a field can hold.
 */
export type ConsentFit = "checkbox" | "text";

/**
 * What a contact answered.
 */
export type ConsentInfo = { 
/**
 * To what.
 */
path: string, 
/**
 * Given, or refused.
 */
given: boolean, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * Where they were asked.
 */
source: string, };

/**
 * How deep something stands in the tree.
 */
export type ConsentLevel = "purpose" | "preference" | "preference_value";

/**
 * A line of the tree.
 */
export type ConsentLine = { 
/**
 * The names from the purpose down, or the contact field of an opt-out.
 */
path: string, 
/**
 * What people call it: the last name of the path.
 */
label: string, 
/**
 * What it is.
 */
level: LineLevel, 
/**
 * Which fields fit.
 */
fits: ConsentFit, 
/**
 * The field that it goes to.
 */
field: string | null, 
/**
 * The field says *yes* for a refusal.
 */
negated: boolean, 
/**
 * The org does not have the field, or doesn't show it to this user.
 */
missing: boolean, 
/**
 * What is wrong with the field, and what to do.
 */
trouble: string | null, 
/**
 * The name that a new field would get.
 */
suggested: string, };

/**
 * Consent to a purpose, a preference or a preference value.
 */
export type ConsentRule = { 
/**
 * Its path, such as `Newsletter > Topics > Offers`.
 */
consent: string, 
/**
 * How it stands.
 */
is: ConsentStanding, };

/**
 * How somebody's consent stands.
 */
export type ConsentStanding = "given" | "refused" | "not_asked";

/**
 * How consent stands, at a glance.
 */
export type ConsentSummary = { 
/**
 * Contacts that are not deleted.
 */
contacts: number, 
/**
 * Those that are opted out, by channel.
 */
opted_out: Array<ChannelOptOuts>, 
/**
 * The latest answers, the last one first.
 */
latest: Array<LatestAnswer>, };

/**
 * What is to be changed about a consent sync; `None` leaves it.
 */
export type ConsentSyncChange = { 
/**
 * Another name.
 */
name?: string, 
/**
 * The connection's name; an empty one takes it away.
 */
connection?: string, 
/**
 * Off keeps the queue and sends nothing.
 */
enabled?: boolean, 
/**
 * Whether records are created for people without one.
 */
upsert?: boolean, 
/**
 * Last name of new records for contacts without one.
 */
default_last_name?: string, 
/**
 * Company of new leads for contacts without one.
 */
default_company?: string, 
/**
 * `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
 */
schedule?: string, };

/**
 * A consent sync.
 */
export type ConsentSyncInfo = { 
/**
 * Name.
 */
name: string, 
/**
 * Whose records: `Lead` or `Contact`.
 */
object: string, 
/**
 * The connection's name.
 */
connection: string | null, 
/**
 * Off keeps the queue and sends nothing.
 */
enabled: boolean, 
/**
 * When it runs by itself.
 */
schedule: string, 
/**
 * Whether records are created for people without one.
 */
upsert: boolean, 
/**
 * Last name of new records for contacts without one.
 */
default_last_name: string | null, 
/**
 * Company of new leads for contacts without one.
 */
default_company: string | null, 
/**
 * Purposes, preferences, values and opt-outs that have a field.
 */
mapped: number, 
/**
 * Contacts that wait for a record with their email.
 */
waiting_for_match: number, 
/**
 * Mapped fields that the org does not have, or doesn't show to this user.
 */
missing: Array<string>, 
/**
 * How it stands.
 */
standing: Standing, };

/**
 * The tree of a consent sync.
 */
export type ConsentTree = { 
/**
 * The consent sync.
 */
sync: string, 
/**
 * Opt-outs first, then the purposes, each followed by what stands below it.
 */
lines: Array<ConsentLine>, 
/**
 * The fields of the org that fit, by label.
 */
fields: Array<ConsentField>, 
/**
 * Whether the org has said what fields it has.
 */
described: boolean, };

/**
 * An account that a contact is in.
 */
export type ContactAccount = { 
/**
 * Id.
 */
id: AccountId, 
/**
 * Name.
 */
name: string, 
/**
 * What the contact is there: `primary`, `secondary` or `regular`.
 */
role: string, };

/**
 * A contact with all that belongs to it.
 */
export type ContactCard = { 
/**
 * Its lasting name.
 */
guid: Guid, 
/**
 * Its set fields by name, the custom ones as `custom:NAME`.
 */
fields: { [key in string]: JsonValue }, 
/**
 * Nothing about it may be sent.
 */
do_not_send: boolean, 
/**
 * When it was deleted.
 */
deleted_at: string | null, 
/**
 * Its accounts and what it is there, in the order in which the company name is looked up.
 */
accounts: Array<ContactAccount>, 
/**
 * Its points by score.
 */
points: { [key in string]: number }, 
/**
 * Its records in Salesforce.
 */
links: Array<ContactLink>, 
/**
 * Records of contacts that were merged into it, beside one of its own of the same object: one person, two records.
 */
second_records: Array<ContactLink>, 
/**
 * What became of its records in Salesforce, the oldest first.
 */
followed: Array<ContactFollowed>, 
/**
 * Where it stands in the replications.
 */
queue: Array<ContactQueueEntry>, 
/**
 * What runs did with it, the oldest first.
 */
history: Array<ContactRun>, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * The company that would be sent, and where that is from.
 */
company: ContactCompany | null, 
/**
 * Its points in every score, with the rules behind them.
 */
scores: Array<ContactScore>, 
/**
 * The segments that it is or was in, with what was before.
 */
segments: Array<ContactSegment>, 
/**
 * How many activities it has.
 */
activities: number, 
/**
 * What runs did with it, the newest first; the last 50.
 */
sends: Array<ContactSend>, 
/**
 * How far it has got on its way to Salesforce.
 */
delivery: Delivery, };

/**
 * The company that stands for a contact.
 */
export type ContactCompany = { 
/**
 * Its name.
 */
name: string, 
/**
 * `own` for the contact's own company name, else what it is in the account: `primary`, `secondary`, `regular`.
 */
from: string, };

/**
 * A field of contacts, for column choosers, filters and forms.
 */
export type ContactFieldInfo = { 
/**
 * Its name, the custom ones as `custom:NAME`.
 */
name: string, 
/**
 * The same for people.
 */
label: string, 
/**
 * What it holds.
 */
kind: string, 
/**
 * Digits after the point, of a decimal.
 */
scale: number | null, 
/**
 * Whether it can be set by hand.
 */
writable: boolean, 
/**
 * Whether the user declared it.
 */
custom: boolean, };

/**
 * A record of a contact that was converted or merged in Salesforce, as it was noticed.
 */
export type ContactFollowed = { 
/**
 * When it was noticed, UTC milliseconds.
 */
at: number, 
/**
 * What became of it.
 */
how: FollowedHow, 
/**
 * The object of the record that the contact is linked to since; `Lead` where it is linked to none.
 */
object: string, 
/**
 * That record; the converted lead itself where the contact is linked to none.
 */
record_id: string, 
/**
 * The lead that the record came of, where one was converted.
 */
lead: string | null, };

/**
 * A contact's row.
 */
export type ContactId = number;

/**
 * A record of a contact.
 */
export type ContactLink = { 
/**
 * The org.
 */
org_id: string, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * What we know of it.
 */
state: string, 
/**
 * How the link came about.
 */
origin: string, 
/**
 * The connection to that org, where there is one.
 */
connection: string | null, 
/**
 * The record's https address; none for the practice org.
 */
address: string | null, 
/**
 * When something was sent to it last, UTC milliseconds.
 */
sent_at: number | null, };

/**
 * Points that have reached a replication's minimum.
 */
export type ContactMark = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Since when, UTC milliseconds.
 */
at: number, 
/**
 * The points then.
 */
points: number, };

export type ContactOf = { 
/**
 * The replication.
 */
name: string, 
/**
 * The contact.
 */
contact: Guid, };

/**
 * Where a contact stands in a replication.
 */
export type ContactQueueEntry = { 
/**
 * The replication.
 */
replication: string, 
/**
 * State.
 */
state: EntryState, 
/**
 * Why, where it is blocked, given up or tried again; `detail` has the candidates.
 */
reason: Reason | null, 
/**
 * When the state began, UTC milliseconds.
 */
since: number, 
/**
 * The connection to the org, where there is one.
 */
connection: string | null, 
/**
 * The cause in two or three words.
 */
label: string | null, 
/**
 * What can be offered against it.
 */
cures: Array<Cure>, 
/**
 * Who it may be instead.
 */
candidates: Array<Candidate>, 
/**
 * The contact's fields that it is about, those to look at first in front.
 */
fields: Array<string>, };

/**
 * A row of a list of contacts.
 */
export type ContactRow = { 
/**
 * Its lasting name.
 */
guid: Guid, 
/**
 * Its name, as people write it; its email without one, its company without that.
 */
name: string, 
/**
 * Its cells, in the order of the columns asked for; null where there is no value. Countries and states are named.
 */
cells: Array<JsonValue>, };

/**
 * What a run did with a contact.
 */
export type ContactRun = { 
/**
 * The run.
 */
run: RunId, 
/**
 * `created`, `updated`, `refused`, `retry`, `lost`, `blocked`, `unanswered`; `deleted` or `restored` by an undo.
 */
outcome: string, 
/**
 * What was sent; `null` where nothing was, or the history was thinned.
 */
sent: JsonValue, 
/**
 * What the org answered, or why it was blocked.
 */
errors: JsonValue, };

/**
 * A contact's points in a score, and why.
 */
export type ContactScore = { 
/**
 * The score.
 */
name: string, 
/**
 * The points, as last calculated.
 */
points: number, 
/**
 * Every rule, and what it gives now.
 */
why: Array<RuleExplained>, 
/**
 * The replications that it is marked for by this score.
 */
marks: Array<ContactMark>, };

/**
 * A segment that a contact is or was in.
 */
export type ContactSegment = { 
/**
 * The segment.
 */
name: string, 
/**
 * Where it stands.
 */
status: SegmentStatus, 
/**
 * Since when, UTC milliseconds.
 */
since: number, 
/**
 * What was before: where it stood, from when until when; the latest first.
 */
past: Array<[SegmentStatus, number, number]>, };

/**
 * What a run did with a contact, and when.
 */
export type ContactSend = { 
/**
 * The run.
 */
run: RunId, 
/**
 * The replication.
 */
replication: string, 
/**
 * The connection, or the org's id where none leads there any more.
 */
connection: string, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * `created`, `updated`, `refused`, `retry`, `lost`, `blocked`, `unanswered`; `deleted` or `restored` by an undo.
 */
outcome: string, 
/**
 * The fields sent and their values; empty where nothing was, or the history was thinned.
 */
fields: Array<SentValue>, 
/**
 * Why it was refused or blocked; empty when it was taken.
 */
reason: string, };

/**
 * What an act on many contacts came to.
 */
export type ContactsChanged = { 
/**
 * The act, to be undone.
 */
act: ActId, 
/**
 * How many contacts are different now.
 */
contacts: number, };

/**
 * Which contacts; all of it must hold.
 */
export type ContactsFilter = { 
/**
 * Beginnings of words in the name, email, company, address or a phone number.
 */
text?: string, 
/**
 * Conditions on fields.
 */
conditions?: Array<Condition>, 
/**
 * Least points in scores.
 */
points?: Array<LeastPoints>, 
/**
 * How far they have got; any of these.
 */
deliveries?: Array<Delivery>, 
/**
 * The segment that they are in.
 */
segment?: string, 
/**
 * How their consent to a purpose stands.
 */
consent?: ConsentRule, 
/**
 * The import that created or changed them.
 */
import?: number, 
/**
 * Deleted ones instead of live ones.
 */
deleted?: boolean, };

/**
 * A page of a list of contacts.
 */
export type ContactsPage = { 
/**
 * The contacts, in the list's order.
 */
rows: Array<ContactRow>, 
/**
 * How many the list has; none while that is being found out.
 */
total: number | null, 
/**
 * Where the contact that was looked for stands, from 0; none when it is not in the list.
 */
place: number | null, 
/**
 * A newer order is being worked out: ask again in a moment.
 */
settling: boolean, };

/**
 * What a list is sorted by.
 */
export type ContactsSort = { 
/**
 * A column, see `columns`.
 */
column: string, 
/**
 * From large to small.
 */
descending: boolean, };

export type Copy = { 
/**
 * The replication.
 */
name: string, 
/**
 * The copy's name.
 */
new_name: string, 
/**
 * The copy's connection.
 */
connection?: string, };

export type CopySegment = { 
/**
 * The segment.
 */
segment: string, 
/**
 * The name of the new one.
 */
name: string, };

/**
 * What asking would cost.
 */
export type Cost = { 
/**
 * Calls that counting takes.
 */
count_calls: number, 
/**
 * Calls that reading back takes.
 */
read_calls: number, 
/**
 * Contacts who went and are linked to a live record: these would be read.
 */
records: number, };

export type CreateWorkspace = { 
/**
 * Its name.
 */
name: string, path?: string, };

/**
 * Whether all rows must hold, or one is enough.
 */
export type CriteriaMatch = "all" | "any";

/**
 * One row: a field, what is asked of it, and the values to compare with.
 */
export type Criterion = { 
/**
 * API name, as [`super::SearchField::name`].
 */
field: string, 
/**
 * What is asked.
 */
operator: SearchOperator, 
/**
 * As many as the operator needs; numbers with a point, dates as 2026-01-31, `yes` or `no`.
 */
values: Array<string>, };

/**
 * What a front end offers against a cause; each is one call or leads to one screen.
 */
export type Cure = "retry" | "link" | "merge" | "create_anyway" | "allow_duplicates" | "recreate" | "make_identifier" | "refresh_fields" | "edit_contact" | "edit_mapping";

/**
 * A contact field that the user declared.
 */
export type CustomFieldInfo = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it holds.
 */
kind: string, 
/**
 * Digits after the point, of a decimal.
 */
scale: number | null, 
/**
 * Whether a rule uses it, so that it is indexed.
 */
indexed: boolean, };

/**
 * What a field is used for.
 */
export type CustomFieldUses = { 
/**
 * How many contacts have a value in it.
 */
contacts: number, 
/**
 * The segments, scores and replications that use it, in words.
 */
users: Array<string>, };

/**
 * One value that had to be cut.
 */
export type Cut = { 
/**
 * The key in the record.
 */
target: string, 
/**
 * What there was: UTF-16 units of text, or digits after the point.
 */
from: number, 
/**
 * What is sent of it.
 */
to: number, };

/**
 * What to do with values that are too long or too precise.
 */
export type Cutting = "shorten" | "refuse";

/**
 * The order of day, month and year in dates written with figures.
 */
export type DateOrder = "dmy" | "mdy" | "ymd";

/**
 * What became of contacts on one day.
 */
export type DayFigures = { 
/**
 * The day in the workspace's time zone, such as `2026-01-31`.
 */
day: string, 
/**
 * Records created.
 */
created: number, 
/**
 * Records updated.
 */
updated: number, 
/**
 * Contacts newly blocked, before anything was sent or because the org refused them.
 */
blocked: number, };

export type Deactivate = { 
/**
 * The replication.
 */
name: string, 
/**
 * The segment.
 */
segment: string, };

/**
 * Which sign stands before the decimals; the other one separates thousands.
 */
export type DecimalSign = "point" | "comma";

/**
 * How far a contact has got on its way out, over all replications; the first that holds.
 */
export type Delivery = "blocked" | "given_up" | "waiting" | "changed" | "linked" | "left_out" | "not_sent";

/**
 * What came of asking for a describe.
 */
export type DescribeNews = { 
/**
 * The object.
 */
object: string, 
/**
 * Its fields, as far as this user sees them.
 */
fields: number, 
/**
 * Whether it differs from the one kept; `None` where none was kept.
 */
changed: boolean | null, 
/**
 * When the one kept was read last, UTC milliseconds.
 */
before: number | null, 
/**
 * Fields that are gone since, or that this user doesn't see any more.
 */
gone: Array<string>, 
/**
 * Fields that are new since, or that this user sees now.
 */
new: Array<string>, 
/**
 * Fields that are described otherwise, with what has changed about them, such as `City (length)`.
 */
altered: Array<string>, };

/**
 * What there is to say about a text.
 */
export type Diagnosis = { 
/**
 * The errors that it names, the surest first.
 */
found: Array<ErrorExplained>, 
/**
 * The text, so that it can be shown below.
 */
said: string, };

/**
 * What a run would write to a contact's record, what it would leave, and what is the same on both sides.
 */
export type Difference = { 
/**
 * What would be written.
 */
changes: Array<Change>, 
/**
 * What is mapped and stays as Salesforce has it.
 */
kept: Array<Kept>, 
/**
 * What is the same on both sides: label and value.
 */
same: Array<Same>, };

export type Differing = { 
/**
 * The replication.
 */
name: string, 
/**
 * The last one of the page before.
 */
after?: ContactId, 
/**
 * How many contacts at most.
 */
limit: number, };

/**
 * A contact whose record differs from what was sent.
 */
export type DifferingContact = { 
/**
 * The record is not there any more.
 */
gone: boolean, 
/**
 * Its fields.
 */
fields: Array<DifferingField>, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A field that does not hold what was sent.
 */
export type DifferingField = { 
/**
 * The field.
 */
field: string, 
/**
 * What was sent.
 */
sent: string | null, 
/**
 * What Salesforce has.
 */
held: string | null, };

/**
 * A page of contacts whose records differ.
 */
export type DifferingPage = { 
/**
 * The contacts.
 */
contacts: Array<DifferingContact>, 
/**
 * Where the next page begins; none at the end.
 */
next: ContactId | null, };

/**
 * Which way contacts are walked.
 */
export type Direction = "next" | "previous";

/**
 * How a thing is.
 */
export type DoctorFinding = "ok" | "look" | "failed";

/**
 * One thing that was looked at.
 */
export type DoctorLine = { 
/**
 * What was looked at.
 */
what: string, 
/**
 * How it is.
 */
finding: DoctorFinding, 
/**
 * What was found.
 */
text: string, 
/**
 * What to do; empty where nothing has to be done.
 */
cure: string, 
/**
 * What a front end acts on, where it does not work.
 */
code: Code | null, };

/**
 * What the doctor found.
 */
export type DoctorReport = { 
/**
 * Everything that was looked at, in order.
 */
lines: Array<DoctorLine>, };

/**
 * A set-up that has been begun. There is no place for a secret in it.
 */
export type Draft = { 
/**
 * Its number; 0 for a new one.
 */
number: number, 
/**
 * The connection's name.
 */
name: string, 
/**
 * How it signs in.
 */
flow: Flow, 
/**
 * The address as it was typed.
 */
host: string, 
/**
 * The consumer key as it was pasted.
 */
client_id: string, 
/**
 * Who signs in, as it was typed.
 */
username: string, 
/**
 * Id of the key that signs in.
 */
key: string | null, 
/**
 * When the consumer key was pasted, UTC milliseconds: a new app needs some minutes.
 */
key_pasted_at: number | null, 
/**
 * The contact email of the app.
 */
contact_email: string, 
/**
 * Which scopes the app gets.
 */
scopes: ScopePreset, 
/**
 * The callback's port.
 */
callback_port: number | null, 
/**
 * Where in Salesforce the app is made.
 */
generation: Generation, 
/**
 * Steps that were ticked.
 */
ticked: Array<SetUpStep>, 
/**
 * The connection that has come of it, which nobody has signed in to yet.
 */
connection: string | null, 
/**
 * When it was changed last, UTC milliseconds; set when it is saved.
 */
changed_at: number, };

export type DraftNumber = { 
/**
 * The set-up's number.
 */
number: number, };

export type DriftOf = { 
/**
 * The replication; all without.
 */
name?: string, };

/**
 * One change.
 */
export type DriftedField = { 
/**
 * API name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What has changed.
 */
change: FieldChangeKind, 
/**
 * The change in one sentence.
 */
sentence: string, 
/**
 * The row that it concerns, as text; `None` where the field needs one now.
 */
row: string | null, 
/**
 * Why the mapping cannot be used any more because of it.
 */
breaks: string | null, 
/**
 * How many contacts have a value that would be cut now; `None` where it was not counted.
 */
cut: number | null, };

export type EditMany = { 
/**
 * Values by field name, as people write them.
 */
fields: { [key in string]: string }, 
/**
 * How numbers and dates are written.
 */
written?: Written, } & ({ 
/**
 * Guids or emails.
 */
contacts: Array<string>, } | { 
/**
 * The filter.
 */
filter: ContactsFilter, 
/**
 * Those to leave out, by guid or email; 10,000 at most.
 */
except: Array<string>, });

/**
 * A list of e-mails.
 */
export type EmailList = { 
/**
 * Id.
 */
id: EmailListId, 
/**
 * Name, unique without regard to case.
 */
name: string, 
/**
 * How many e-mails it holds.
 */
emails: number, 
/**
 * How many live contacts have one of them.
 */
contacts: number, };

/**
 * A list of e-mails.
 */
export type EmailListId = number;

/**
 * What an unset field does to the record on update.
 */
export type EmptyValues = "leave_alone" | "clear";

/**
 * An activity entered by hand.
 */
export type EnterActivity = { 
/**
 * Whose it is: guid or e-mail.
 */
contact: string, 
/**
 * The name of its type.
 */
kind: string, 
/**
 * When, UTC milliseconds; now where unset.
 */
at?: number, 
/**
 * A number.
 */
value?: number, 
/**
 * A page.
 */
url?: string, 
/**
 * A title.
 */
title?: string, 
/**
 * A note.
 */
note?: string, };

/**
 * The state of a queue entry.
 */
export type EntryState = "pending" | "sending" | "done" | "blocked" | "given_up" | "withdrawn" | "held";

/**
 * How much was removed from one place.
 */
export type ErasedCount = { 
/**
 * The place, as people say it.
 */
place: string, 
/**
 * How many.
 */
count: number, };

/**
 * What erasing a person came to.
 */
export type ErasedInfo = { 
/**
 * Contacts removed: the person and those merged into it.
 */
contacts: number, 
/**
 * What else was removed, by place.
 */
removed: Array<ErasedCount>, 
/**
 * Backups that held the person and were rewritten.
 */
backups_rewritten: number, 
/**
 * Backups and leftovers of backups that had to be dropped.
 */
backups_dropped: number, 
/**
 * What still names the person and only the user can decide.
 */
mentions: Array<KeptMention>, 
/**
 * How many more there are.
 */
more_mentions: number, 
/**
 * Files that still name the person and that only the user may change, copies of the workspace among them.
 */
files: Array<string>, 
/**
 * Why the last steps are left to the next time the workspace opens; `None` where all is done.
 */
unfinished: string | null, };

/**
 * Where an error is met.
 */
export type ErrorArea = "contacts" | "sign_in" | "network" | "leadferry";

/**
 * A code in plain words.
 */
export type ErrorExplained = { 
/**
 * The org's code, the sign-in server's, or ours in lower case.
 */
code: string, 
/**
 * The words that tell this case of the code apart, where it has several.
 */
says: string | null, 
/**
 * Where it is met.
 */
area: ErrorArea, 
/**
 * The cause in two or three words.
 */
label: string, 
/**
 * The cause in a sentence.
 */
cause: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * Who can do it.
 */
who: Who, 
/**
 * What the queue offers for a contact that was refused with this code.
 */
cures: Array<Cure>, 
/**
 * What to send to the admin, where it is theirs to cure.
 */
note: string | null, };

/**
 * Why an event stands in the ledger.
 */
export type EventKind = "said" | "merged" | "restored";

export type Examine = { 
/**
 * Asks no org.
 */
offline: boolean, };

/**
 * What happens to contacts that are there already.
 */
export type Existing = "update" | "skip";

export type Explain = { 
/**
 * A code, or a whole message.
 */
text: string, };

export type ExplainMember = { 
/**
 * The segment.
 */
segment: string, 
/**
 * Guid or e-mail.
 */
contact: string, };

export type ExplainPoints = { 
/**
 * The score.
 */
score: string, 
/**
 * The contact's guid, or an e-mail that only it has.
 */
contact: string, };

export type ExplainRules = { 
/**
 * The rules.
 */
tree: RuleTree, 
/**
 * Guid or email.
 */
contact: string, };

/**
 * A rule or group as it stands for one contact.
 */
export type Explained = { 
/**
 * What the rule says; for a group *all of these*, *any of these* or *none of these*.
 */
rule: string, 
/**
 * Whether the contact meets it.
 */
holds: boolean, 
/**
 * What the contact has, where that can be said in a few words.
 */
has: string | null, 
/**
 * The parts of a group.
 */
parts: Array<Explained>, };

/**
 * What is written to a file.
 */
export type ExportRequest = { 
/**
 * In which order; as they came without. Contacts that are named keep the order in which they are.
 */
sort?: ContactsSort, 
/**
 * The columns as lists name them, or fields of Salesforce's data such as `Salesforce.Rating`, each behind the guid; every
 * field where there are none.
 */
columns: Array<string>, 
/**
 * The file: CSV, or an Excel workbook where its name ends with `.xlsx`.
 */
place: string, } & ({ 
/**
 * Guids or emails.
 */
contacts: Array<string>, } | { 
/**
 * The filter.
 */
filter: ContactsFilter, 
/**
 * Those to leave out, by guid or email; 10,000 at most.
 */
except: Array<string>, });

export type ExportSegment = { 
/**
 * The segment.
 */
segment: string, 
/**
 * Where the file goes.
 */
place: string, };

/**
 * A row that cannot be taken in.
 */
export type Fault = { 
/**
 * Number of the row in the file, as a spreadsheet counts: the column names usually stand in row 1.
 */
line: number, 
/**
 * The column, where one is to blame.
 */
column: string | null, 
/**
 * What is wrong, without the cell's content.
 */
reason: string, 
/**
 * Its cells in the order of the columns, to be mended; none where it cannot be taken apart or is very long.
 */
cells?: Array<string>, };

export type FaultyPage = { 
/**
 * Which import.
 */
import: ImportId, 
/**
 * Rows before the page.
 */
skip: number, 
/**
 * Length of the page.
 */
limit: number, };

/**
 * A page of faulty rows.
 */
export type FaultyRows = { 
/**
 * The names of the columns.
 */
columns: Array<string>, 
/**
 * The rows.
 */
rows: Array<Fault>, 
/**
 * How many rows wait to be mended, those on other pages included.
 */
total: number, };

/**
 * What has changed about a field.
 */
export type FieldChangeKind = { "kind": "gone" } | { "kind": "not_writable" } | { "kind": "type", 
/**
 * The type before.
 */
before: string, 
/**
 * The type now.
 */
after: string, } | { "kind": "shorter", 
/**
 * What fitted before.
 */
before: number, 
/**
 * What fits now.
 */
after: number, } | { "kind": "less_precise", 
/**
 * What fitted before.
 */
before: number, 
/**
 * What fits now.
 */
after: number, } | { "kind": "required" } | { "kind": "retired", 
/**
 * Those values.
 */
values: Array<string>, } | { "kind": "renamed", 
/**
 * What they called it.
 */
before: string, };

/**
 * What has changed about the fields that a replication writes, since the user last saw it.
 */
export type FieldDrift = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Its target object.
 */
object: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * When the first change was noticed, UTC milliseconds.
 */
noticed_at: number, 
/**
 * What has changed.
 */
changes: Array<DriftedField>, };

/**
 * What kind of values a field holds, as far as a search tells them apart.
 */
export type FieldForm = "text" | "number" | "yes_no" | "date" | "date_time" | "picklist" | "multi_picklist" | "reference" | "other";

/**
 * The declared type of a contact field.
 */
export type FieldKind = "text" | "long_text" | "integer" | "long_integer" | { "decimal": { 
/**
 * Digits after the point, 0 to 18.
 */
scale: number, } } | "float" | "yes_no" | "date" | "date_time";

/**
 * Who uses a field that has changed.
 */
export type FieldUser = { 
/**
 * What it is.
 */
kind: FieldUserKind, 
/**
 * Its name.
 */
name: string, 
/**
 * It can't be used as it is any more.
 */
broken: boolean, 
/**
 * What the change means for it, in a sentence.
 */
effect: string, 
/**
 * What to do, in a sentence.
 */
cure: string, };

/**
 * What uses a field of an org.
 */
export type FieldUserKind = "replication" | "consent_sync" | "pull" | "segment" | "score" | "search";

export type Fields = { 
/**
 * Values by field name, as people write them.
 */
fields: { [key in string]: string }, 
/**
 * How numbers and dates are written.
 */
written?: Written, };

/**
 * Which pairs are looked for.
 */
export type FindLinks = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * Pairs of at least this confidence, 0 to 100; 60 without.
 */
least?: number, 
/**
 * Only pairs that are certain.
 */
certain?: boolean, 
/**
 * Goes on behind this contact.
 */
after?: ContactId, 
/**
 * Most pairs, 1,000 at most; 100 without.
 */
limit?: number, };

/**
 * One thing that is wrong with a mapping.
 */
export type Finding = { 
/**
 * Line of the text form, from 1; `None` where it concerns the whole.
 */
line: number | null, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What kind of thing it is, such as `unknown_target`.
 */
code: string, 
/**
 * What is wrong, for people.
 */
message: string, 
/**
 * What to do, for people.
 */
cure: string, };

/**
 * A row at the beginning of a file.
 */
export type FirstRow = { 
/**
 * The row as the file counts, from 1.
 */
number: number, 
/**
 * Its first filled cells, shortened.
 */
cells: Array<string>, };

/**
 * How a connection signs in.
 */
export type Flow = "practice" | "browser" | "client_credentials" | "jwt" | "password";

/**
 * A way to sign in, and when to take it.
 */
export type FlowChoice = { 
/**
 * The way.
 */
flow: Flow, 
/**
 * What it is called.
 */
title: string, 
/**
 * When to take it, in a sentence.
 */
when: string, 
/**
 * Whether another way is better wherever there is one.
 */
discouraged: boolean, };

/**
 * What became of a record.
 */
export type FollowedHow = "converted" | "merged";

/**
 * A page of what was found.
 */
export type Found = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The columns of the records' values.
 */
columns: Array<SearchColumn>, 
/**
 * The records, in the order that was asked for.
 */
records: Array<FoundRecord>, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * There may be more than the org returns for words: narrow the search.
 */
cut_off: boolean, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: string | null, 
/**
 * What the org was asked, in its own language.
 */
query: string, 
/**
 * What it cost.
 */
spent: CallsSpent, };

/**
 * A record that was found.
 */
export type FoundRecord = { 
/**
 * Its id, 18 characters.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * For leads: whether it was converted.
 */
converted: boolean | null, 
/**
 * The values, column by column.
 */
values: Array<SearchCell>, 
/**
 * The contact that it is linked to.
 */
linked: LinkedPerson | null, 
/**
 * Where it is in the org; none for the practice org, which has no pages.
 */
address: string | null, };

/**
 * A value that contacts have.
 */
export type FoundValue = { 
/**
 * The value, as a map names it.
 */
value: string, 
/**
 * How many contacts have it; none where that is not counted.
 */
contacts: number | null, 
/**
 * The picklist offers it as it is.
 */
known: boolean, };

/**
 * Where in Salesforce the app is made; it moved with the years.
 */
export type Generation = "external_client_app" | "lightning" | "classic";

/**
 * A place in Salesforce where an app for the flow can be created.
 */
export type GenerationChoice = { 
/**
 * The place.
 */
generation: Generation, 
/**
 * What it is called.
 */
label: string, };

/**
 * Counts over the rows of a grid.
 */
export type GridCounts = { 
/**
 * Fields that a new record must have, the identifier included.
 */
required: number, 
/**
 * Those of them that are mapped.
 */
required_mapped: number, 
/**
 * Other fields that are mapped.
 */
mapped: number, 
/**
 * Fields that could be mapped and are not.
 */
unmapped: number, 
/**
 * Fields that nobody can write.
 */
read_only: number, 
/**
 * Proposals that wait for a yes.
 */
likely: number, 
/**
 * Rows whose value is cut for this sample.
 */
cut: number, 
/**
 * Rows whose field the org is not known to have.
 */
unverified: number, 
/**
 * Required fields that are not mapped.
 */
missing: number, 
/**
 * Rows with any other thing that needs a look.
 */
faults: number, };

/**
 * One target field.
 */
export type GridRow = { 
/**
 * As a mapping's text names it.
 */
target: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * The type as the set-up pages name it.
 */
type_name: string, 
/**
 * The type's size, such as `255`, `16, 2` or `6 values`.
 */
size: string | null, 
/**
 * A new record must have it.
 */
required: boolean, 
/**
 * The org is known to have it.
 */
verified: boolean, 
/**
 * It is text, so that a value map can be given.
 */
takes_map: boolean, 
/**
 * Values can be too long or too precise for it.
 */
can_cut: boolean, 
/**
 * Why it cannot be written, or only at times.
 */
restriction: string | null, 
/**
 * Where in the grid it stands.
 */
group: Group, 
/**
 * Where the value comes from.
 */
source: SourceWords | null, 
/**
 * When a value that the record has gives way.
 */
overwrite: Overwrite | null, 
/**
 * What the rule would be if the row said none.
 */
usual_overwrite: Overwrite | null, 
/**
 * What happens to values that are too long or too precise.
 */
cutting: Cutting | null, 
/**
 * What happens to values that the org would refuse.
 */
refusal: RefusalRule | null, 
/**
 * Contacts without a value are blocked.
 */
always_required: boolean, 
/**
 * The value map.
 */
values: Array<[string, string]>, 
/**
 * The row as text.
 */
text: string | null, 
/**
 * What the sample contact would send.
 */
sends: Sends, 
/**
 * Which step gave the company name.
 */
step: string | null, 
/**
 * How it stands.
 */
state: RowState, 
/**
 * It needs a look.
 */
look: boolean, 
/**
 * What was found about it.
 */
findings: Array<Finding>, };

/**
 * Where in the grid a row stands.
 */
export type Group = "required" | "mapped" | "not_mapped";

/**
 * A contact's lasting name: 32 lower-case hex digits, the value of the identifier in Salesforce.
 */
export type Guid = string;

/**
 * What is to be done in Salesforce.
 */
export type Guide = { 
/**
 * How the connection will sign in.
 */
flow: Flow, 
/**
 * Where the app is created.
 */
generation: Generation, 
/**
 * Where else it could be.
 */
generations: Array<GenerationChoice>, 
/**
 * What the guide is about.
 */
title: string, 
/**
 * The steps, in order; none for the practice org.
 */
steps: Array<GuideStep>, 
/**
 * What Leadferry asks for afterward.
 */
needs: Array<GuideNeed>, 
/**
 * The callback addresses that the sign-in uses; empty where the flow uses none.
 */
callbacks: Array<string>, 
/**
 * All of it as plain text, to be sent to someone.
 */
text: string, };

/**
 * Something that Leadferry asks for once the app is there.
 */
export type GuideNeed = { 
/**
 * What.
 */
name: string, 
/**
 * What it looks like.
 */
example: string, 
/**
 * Whether nothing works without it.
 */
required: boolean, 
/**
 * Whether it is a secret, which is never written on a sheet.
 */
secret: boolean, };

/**
 * What a guide is for.
 */
export type GuideRequest = { 
/**
 * How the connection will sign in.
 */
flow: Flow, 
/**
 * Where in Salesforce the app is created; the newest place that has the flow where unset.
 */
generation?: Generation, 
/**
 * Which scopes the app gets.
 */
scopes?: ScopePreset, 
/**
 * The one callback port that the app lists, where it is not one of ours.
 */
callback_port?: number, 
/**
 * The contact email of the app.
 */
contact_email?: string, };

/**
 * One step in Salesforce.
 */
export type GuideStep = { 
/**
 * Which step it is.
 */
id: SetUpStep, 
/**
 * What to do.
 */
title: string, 
/**
 * How.
 */
how: string, 
/**
 * What to enter or select there.
 */
values: Array<GuideValue>, };

/**
 * A value to enter or select in Salesforce.
 */
export type GuideValue = { 
/**
 * The field's name in Salesforce.
 */
field: string, 
/**
 * The value; empty where it is the reader's own.
 */
value: string, 
/**
 * Whether Salesforce requires it.
 */
required: boolean, 
/**
 * What else there is to know; may be empty.
 */
note: string, };

/**
 * What holds the scheduled runs of a replication.
 */
export type HeldRuns = { 
/**
 * Why, in a sentence without its full stop.
 */
reason: string, 
/**
 * The run since which they wait.
 */
since_run: number, };

/**
 * Why a command did not work.
 */
export type HostError = { 
/**
 * What a front end acts on.
 */
code: Code, 
/**
 * What happened.
 */
message: string, 
/**
 * Why, where more is known than what happened; empty otherwise.
 */
cause?: string, 
/**
 * What to do.
 */
hint: string, 
/**
 * The field of the form to blame, where it is one.
 */
field?: string, 
/**
 * What Salesforce, or the way to it, said: what the error doctor goes by.
 */
said?: Said, };

/**
 * What the window is told without having asked.
 */
export type HostEvent = { "kind": "opened", 
/**
 * The file.
 */
path: string | null, } | { "kind": "changed" } | { "kind": "jobs", 
/**
 * All of it, the eldest first.
 */
jobs: Array<Job>, } | { "kind": "told", 
/**
 * The text.
 */
text: string, } | { "kind": "closing" } | { "kind": "dropped", 
/**
 * The file.
 */
path: string, } | { "kind": "menu", 
/**
 * Which, such as `settings` or `import`.
 */
item: string, };

/**
 * What kind of address it is.
 */
export type HostKind = "production" | "sandbox" | "scratch" | "developer" | "my_domain" | "this_machine" | "other";

/**
 * What a text was understood as.
 */
export type HostReading = { 
/**
 * The address; none where the text is empty or refused.
 */
address: string | null, 
/**
 * What kind of address it is.
 */
kind: HostKind | null, 
/**
 * What was changed about the text, in a sentence; empty where nothing was.
 */
note: string, 
/**
 * Why it is refused, and what to give instead; empty where it is not.
 */
refusal: string, };

export type HostText = { 
/**
 * Prefix, host or address, as typed.
 */
text: string, };

/**
 * How an answer was given.
 */
export type How = "form" | "import" | "by_hand" | "phone" | "double_opt_in" | "salesforce" | "before_ledger";

/**
 * An import.
 */
export type ImportId = number;

/**
 * What makes a row and a contact the same person.
 */
export type ImportKey = "email" | { "custom": string } | "none";

/**
 * What a file brings.
 */
export type ImportKind = "contacts" | "activities";

/**
 * What an import did.
 */
export type ImportOutcome = { 
/**
 * The import's id; 0 where nothing was taken in.
 */
import: number, 
/**
 * All rows were read; false after a stop, and then the same request goes on from there.
 */
finished: boolean, 
/**
 * An interrupted import of the same file was continued.
 */
resumed: boolean, 
/**
 * Data rows read; the sum of the following five.
 */
rows: number, 
/**
 * New contacts.
 */
created: number, 
/**
 * Contacts changed.
 */
updated: number, 
/**
 * Contacts that already held the same values.
 */
unchanged: number, 
/**
 * Blank rows, and contacts left alone because the request says so.
 */
skipped: number, 
/**
 * Rows that cannot be taken in.
 */
faulty: number, 
/**
 * The file with the faulty rows; mend it and import it.
 */
errors_file: string | null, 
/**
 * The first faulty rows of this call.
 */
faults: Array<Fault>, 
/**
 * The first things to know about rows that were taken in.
 */
warnings: Array<Warning>, 
/**
 * How many warnings there were in all.
 */
warning_count: number, 
/**
 * Contacts that were linked to the Salesforce records that their rows name, in this call.
 */
linked: number, 
/**
 * Columns that went nowhere.
 */
columns_ignored: Array<string>, 
/**
 * Custom fields that were made.
 */
custom_fields_created: Array<string>, };

/**
 * Records to be brought in.
 */
export type ImportRecords = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * What the records are: leads or contacts.
 */
object: OrgObject, 
/**
 * Their ids, 2,000 at most.
 */
records: Array<string>, };

/**
 * What to import, and how.
 */
export type ImportRequest = { 
/**
 * The CSV, XLSX or vCard file.
 */
file: string, 
/**
 * Column name and field: a built-in name, `custom:NAME`, `account:NAME`, or `-` to leave the column out.
 */
map: Array<[string, string]>, 
/**
 * What makes a row and a contact the same person.
 */
key: ImportKey, 
/**
 * What happens to contacts that are there already.
 */
existing: Existing, 
/**
 * Unknown columns become custom fields.
 */
create_custom_fields: boolean, 
/**
 * Companies become accounts, with the contact as primary member of its first one.
 */
create_accounts: boolean, 
/**
 * An encoding label such as `windows-1252`; found out where unset.
 */
encoding: string | null, 
/**
 * What separates cells; found out where unset.
 */
delimiter: string | null, 
/**
 * The sheet of a spreadsheet; the visible one that looks most like such a list where unset.
 */
sheet: string | null, 
/**
 * The row with the column names as the file counts, from 1; found out where unset.
 */
header_row: number | null, 
/**
 * The order of dates like 03/04/1990; found out by column where unset.
 */
dates: DateOrder | null, 
/**
 * The name of the connection whose records a column of Salesforce ids names; contacts are linked to these.
 */
link: string | null, 
/**
 * The sign before the decimals in numbers like 1.234; found out by column where unset.
 */
decimal: DecimalSign | null, 
/**
 * HTML codes such as `&amp;` stay as they stand in the file.
 */
keep_html: boolean, 
/**
 * Two-letter code of the country that a state belongs to where the row names none.
 */
default_country: string | null, 
/**
 * IANA name of the time zone that times without one are in; UTC where unset.
 */
time_zone: string | null, 
/**
 * Where faulty rows go; beside the file where unset.
 */
errors_file: string | null, 
/**
 * The same file was imported before: go on all the same.
 */
again: boolean, };

/**
 * Where an import stands.
 */
export type ImportState = "running" | "finished" | "undone";

/**
 * A place that a column can go to.
 */
export type ImportTarget = { 
/**
 * As a request's map writes it.
 */
field: string, 
/**
 * In plain words.
 */
label: string, 
/**
 * What holds it.
 */
group: TargetGroup, };

/**
 * What checking an inbound mapping found.
 */
export type InboundChecked = { 
/**
 * The pull.
 */
pull: string, 
/**
 * Whether it can be used.
 */
usable: boolean, 
/**
 * What was found.
 */
findings: Array<InboundFinding>, };

/**
 * A field of the record that can come in.
 */
export type InboundField = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * Type, as people know it from the set-up pages.
 */
type: string, 
/**
 * Where it can go, as the text form says it.
 */
fits: Array<string>, };

/**
 * What checking found about one object.
 */
export type InboundFinding = { 
/**
 * The object.
 */
object: string, 
/**
 * Line of the text form, from 1; `None` where it concerns the whole.
 */
line: number | null, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What kind of thing it is, such as `unknown_target`.
 */
code: string, 
/**
 * What is wrong, for people.
 */
message: string, 
/**
 * What to do, for people.
 */
cure: string, };

/**
 * A row of an inbound mapping.
 */
export type InboundLine = { 
/**
 * API name of the record's field.
 */
field: string, 
/**
 * Its label, where it is known.
 */
label: string, 
/**
 * Where it goes, as the text form says it.
 */
to: string, 
/**
 * The same as people read it.
 */
to_label: string, 
/**
 * When.
 */
rule: InboundRule, 
/**
 * Only a no comes in, whatever the rule.
 */
no_only: boolean, };

/**
 * What a pull brings into contacts.
 */
export type InboundMapping = { 
/**
 * The pull.
 */
pull: string, 
/**
 * The connection that it reads from.
 */
connection: string, 
/**
 * Lead and Contact, as far as the pull reads them.
 */
objects: Array<InboundObject>, 
/**
 * Where values can go.
 */
places: Array<InboundPlace>, };

/**
 * The inbound mapping of one object.
 */
export type InboundObject = { 
/**
 * Lead or Contact.
 */
object: string, 
/**
 * Nobody has changed the rows.
 */
usual: boolean, 
/**
 * Its rows.
 */
rows: Array<InboundLine>, 
/**
 * The rows as text.
 */
text: string, 
/**
 * Fields whose opt-outs always come in.
 */
opt_outs: Array<InboundLine>, 
/**
 * What was found about it; a line is the number of a row.
 */
findings: Array<Finding>, 
/**
 * The record's fields that can come in.
 */
fields: Array<InboundField>, 
/**
 * Which records become contacts where they are nobody here; none where none do.
 */
newcomers: PullFilter | null, };

/**
 * Where a value can go.
 */
export type InboundPlace = { 
/**
 * As the text form says it.
 */
name: string, 
/**
 * As people read it.
 */
label: string, };

/**
 * When a record's value replaces the contact's.
 */
export type InboundRule = "if_empty" | "newest" | "salesforce" | "ask" | "never";

/**
 * Work under way.
 */
export type Job = { 
/**
 * Its own name.
 */
id: string, 
/**
 * What kind of work it is.
 */
kind: JobKind, 
/**
 * What it is about: a replication, a file, a score.
 */
title: string, 
/**
 * What is being done, in a word or two; empty at first.
 */
stage: string, 
/**
 * Done so far, in the stage's own unit.
 */
done: number, 
/**
 * To do in all; 0 while unknown.
 */
total: number, 
/**
 * When it began, UTC milliseconds.
 */
since: number, 
/**
 * Somebody has asked it to stop.
 */
cancelling: boolean, };

/**
 * What kind of work a job is.
 */
export type JobKind = "import" | "recalculation" | "plan" | "run" | "pull" | "sign_in" | "org" | "export";

export type Join = { 
/**
 * The account.
 */
account: AccountId, 
/**
 * The contact's guid.
 */
contact: string, 
/**
 * `primary`, `secondary` or `regular`; none takes it out.
 */
role?: string, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * How a connection signs in with a key; all of it is empty for the other flows.
 */
export type JwtSettings = { 
/**
 * The key: SHA-256 of its public half, in hex.
 */
key_id: string | null, 
/**
 * Whom the assertion is for; `None` for what the host implies.
 */
audience: string | null, 
/**
 * How long an assertion is valid, in seconds; `None` for the default.
 */
lifetime_s: number | null, };

export type KeepRecord = { 
/**
 * The contact's guid.
 */
contact: string, 
/**
 * The record that stays linked.
 */
record_id: string, };

/**
 * A field that is mapped and not written.
 */
export type Kept = { 
/**
 * API name.
 */
field: string, 
/**
 * What people read.
 */
label: string, 
/**
 * What the org holds, where it was asked; `null` is empty.
 */
holds?: JsonValue, 
/**
 * Why it stays.
 */
why: KeptWhy, 
/**
 * Why in so many words, where there is more to say.
 */
message?: string, };

/**
 * A place of the user's own making that still names the person.
 */
export type KeptMention = { 
/**
 * What kind of thing it is.
 */
place: MentionPlace, 
/**
 * The same as people say it, such as `Segment`.
 */
label: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its guid, for a contact.
 */
guid: string | null, 
/**
 * The part that names the person, such as `rules`.
 */
part: string, };

/**
 * The latest plan of a replication, as it was made.
 */
export type KeptPlan = { 
/**
 * How many contacts would be created, updated, and so on, and what it costs.
 */
counts: PlanCounts, 
/**
 * Which of Salesforce's APIs sends them, why, and what each costs; `None` in plans of earlier versions.
 */
api: ApiCosts | null, 
/**
 * Whether the org was asked.
 */
matched: boolean, 
/**
 * Contacts that a run would cut values of.
 */
cut: number, 
/**
 * Contacts of whom a value would not go as it is: cut, left out, changed.
 */
remarked: number, 
/**
 * Contact fields that hold values and go nowhere.
 */
unsent: Array<UnsentField>, 
/**
 * When it was made, UTC milliseconds.
 */
made_at: number, 
/**
 * Contacts, settings, mapping or the org's fields have changed since.
 */
stale: boolean, 
/**
 * The API calls that a run may make now; `None` where the org has told nothing yet.
 */
budget: CallBudget | null, };

/**
 * What is kept for a connection.
 */
export type KeptSecrets = { 
/**
 * The connection.
 */
name: string, 
/**
 * The only host that its secrets go to; `None` for the practice org.
 */
host: string | null, 
/**
 * Where; `None` where it needs no secrets.
 */
vault: Vault | null, 
/**
 * Whether the app's secret is there.
 */
has_secret: boolean, 
/**
 * Whether the sign-in of a user is there.
 */
has_sign_in: boolean, 
/**
 * Whether a private key is there.
 */
has_key: boolean, 
/**
 * Whether a user's password is there.
 */
has_password: boolean, };

/**
 * Why a mapped field is not written.
 */
export type KeptWhy = "filled" | "on_create_only" | "not_allowed" | "left_out";

export type Key = { 
/**
 * Which preference.
 */
key: string, };

/**
 * What a key file holds.
 */
export type KeyFile = { 
/**
 * What kind of file it is.
 */
kind: KeyFileKind, 
/**
 * Its entries, in the file's order.
 */
entries: Array<KeyFileEntry>, };

/**
 * An entry of a key file.
 */
export type KeyFileEntry = { 
/**
 * What the file calls it; empty where it has no names.
 */
alias: string, 
/**
 * Whether it holds a private key.
 */
has_key: boolean, 
/**
 * Length of the private key's modulus; `None` where it can't be used.
 */
bits: number | null, 
/**
 * Why the private key can't be used; empty where it can.
 */
problem: string, 
/**
 * Its certificate.
 */
certificate: Certificate | null, };

/**
 * What kind of key file it is.
 */
export type KeyFileKind = "pem" | "pkcs12" | "java_keystore" | "certificate";

export type KeyId = { 
/**
 * Id of the key.
 */
key: string, };

export type KeyPath = { 
/**
 * The key file.
 */
path: string, 
/**
 * Its passphrase.
 */
passphrase?: string, 
/**
 * The passphrase of the key in it, where that is another one.
 */
key_passphrase?: string, 
/**
 * Which of several keys to import.
 */
alias?: string, 
/**
 * A file with its certificate, where the key file holds none.
 */
certificate?: string, };

export type KeyPlace = { 
/**
 * Id of the key.
 */
key: string, 
/**
 * What will open the file.
 */
passphrase: string, 
/**
 * Where to; nothing may be there yet.
 */
path?: string, };

/**
 * A fault that can be asked for.
 */
export type KnownFault = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it does, as the org itself says.
 */
does: string, };

/**
 * The last run, as the list of replications shows it.
 */
export type LastRun = { 
/**
 * The run.
 */
run: number, 
/**
 * How it stands.
 */
state: RunState, 
/**
 * When it began, UTC milliseconds.
 */
started_at: number, 
/**
 * When it ended.
 */
ended_at: number | null, 
/**
 * Why it stopped.
 */
reason: string | null, };

/**
 * An answer that was recorded lately.
 */
export type LatestAnswer = { 
/**
 * Its place in the ledger.
 */
number: number, 
/**
 * Who answered; unset once they were erased.
 */
contact: Guid | null, 
/**
 * Their name, empty once they were erased.
 */
name: string, 
/**
 * What it is about, in words.
 */
about: string, 
/**
 * Yes or no; unset took an answer back.
 */
answer: boolean | null, 
/**
 * The answer in words.
 */
answered: string, 
/**
 * When it was recorded, UTC milliseconds.
 */
recorded_at: number, };

/**
 * Least points in a score.
 */
export type LeastPoints = { 
/**
 * The score.
 */
score: string, 
/**
 * At least so many.
 */
at_least: number, };

/**
 * What a check of the ledger found.
 */
export type LedgerInfo = { 
/**
 * Events that were checked.
 */
events: number, 
/**
 * The hash of the last event, as hex digits.
 */
last_hash: string | null, 
/**
 * What is wrong; empty when nothing was changed.
 */
faults: Array<string>, };

export type Limit = { 
/**
 * The most that are wanted.
 */
limit: number, };

/**
 * What a line of the tree is.
 */
export type LineLevel = "opt_out" | "purpose" | "preference" | "preference_value";

/**
 * A link between a contact and a Salesforce record.
 */
export type LinkId = number;

/**
 * A link.
 */
export type LinkLine = { 
/**
 * Id, for the next page.
 */
id: LinkId, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * The contact's name, else its email, else its company.
 */
name: string, 
/**
 * E-mail.
 */
email: string | null, 
/**
 * The org.
 */
org_id: string, 
/**
 * The first connection to that org, where there still is one.
 */
connection: string | null, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * The identifier that the record holds, where known.
 */
identifier: string | null, 
/**
 * What we know of the record.
 */
state: string, 
/**
 * How the link came about.
 */
origin: string, };

/**
 * A page of links.
 */
export type LinkList = { 
/**
 * The links, in the order in which they came about.
 */
links: Array<LinkLine>, 
/**
 * Ask with this for the next page; `None` on the last one.
 */
next: LinkId | null, };

export type LinkPage = { 
/**
 * Of this connection's org; of all without.
 */
connection?: string, 
/**
 * The last one of the page before.
 */
after?: number, 
/**
 * Length of the page.
 */
limit: number, };

/**
 * A contact and a record that are probably one person.
 */
export type LinkPair = { 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Its email.
 */
email: string | null, 
/**
 * Its company.
 */
company: string | null, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * Its name.
 */
record_name: string | null, 
/**
 * Its email.
 */
record_email: string | null, 
/**
 * Its company.
 */
record_company: string | null, 
/**
 * How sure it is, 0 to 100.
 */
confidence: number, 
/**
 * Why, the strongest reason first.
 */
reasons: Array<string>, 
/**
 * It is this record and no other one.
 */
certain: boolean, };

/**
 * Pairs that were found.
 */
export type LinkPairs = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The pairs, contact by contact, the likeliest first.
 */
pairs: Array<LinkPair>, 
/**
 * Contacts that were looked at.
 */
looked_at: number, 
/**
 * Ask with this as `after` for more; none at the end.
 */
next: ContactId | null, 
/**
 * Leads or contacts have been pulled from the org.
 */
mirrored: boolean, };

/**
 * What linking a contact to a record would do.
 */
export type LinkPreview = { 
/**
 * The contact's name, else its email, else its company.
 */
contact: string, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * The record's name.
 */
name: string, 
/**
 * What linking writes to the record at once; nothing where it holds that already.
 */
writes: Array<LinkWrite>, 
/**
 * The record of the same object that the contact is linked to now: that link makes way.
 */
replaces: string | null, 
/**
 * The contact that the record is linked to now: it can't be linked to another one.
 */
taken_by: string | null, 
/**
 * Enabled replications that update the record from now on.
 */
replications: Array<string>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * A record in Salesforce, in any org.
 */
export type LinkRule = { 
/**
 * `Lead`, `Contact`, or `any`.
 */
link: string, 
/**
 * How it stands.
 */
is: LinkStanding, };

/**
 * How it stands with somebody's record in Salesforce.
 */
export type LinkStanding = "linked" | "not_linked" | "deleted" | "converted";

/**
 * A field that linking writes.
 */
export type LinkWrite = { 
/**
 * API name.
 */
field: string, 
/**
 * What the record holds in it, where that is another contact's.
 */
before: string | null, 
/**
 * What it will hold.
 */
after: string, };

/**
 * What linking by hand came to.
 */
export type Linked = { 
/**
 * The contact.
 */
contact: Guid, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * The identifier fields that hold the contact's guid now.
 */
identifiers: Array<string>, };

/**
 * A contact here that a record belongs to.
 */
export type LinkedPerson = { 
/**
 * The contact.
 */
guid: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, };

/**
 * What confirming came to.
 */
export type LinksConfirmed = { 
/**
 * How many contacts were linked.
 */
linked: number, 
/**
 * Pairs that could not be linked, and why.
 */
refused: Array<PairRefused>, 
/**
 * How many of them have a record without the Leadferry ID, because Salesforce has no field for it yet. The next update
 * writes it once there is one.
 */
without_id: number, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * What removing links came to.
 */
export type LinksRemoved = { 
/**
 * The contact.
 */
contact: Guid, 
/**
 * The records that it is not linked to any more.
 */
records: Array<string>, };

/**
 * The e-mail stands in a list that was pasted or imported.
 */
export type ListRule = { 
/**
 * The list's name.
 */
list: string, 
/**
 * Whether the e-mail is in it or not.
 */
holds: boolean, };

/**
 * Something that needs a look.
 */
export type Look = { 
/**
 * What it is, and where to go for it.
 */
kind: LookKind, 
/**
 * The replication.
 */
replication: string | null, 
/**
 * The connection.
 */
connection: string | null, 
/**
 * The run.
 */
run: number | null, 
/**
 * How many contacts.
 */
contacts: number, 
/**
 * The org's code, or ours in lower case.
 */
code: string | null, 
/**
 * Why, in plain words; empty where the kind says it all.
 */
text: string, };

/**
 * What needs a look. In this order they are shown.
 */
export type LookKind = "read_only" | "on_network" | "sign_in" | "sign_in_refused" | "sign_in_lapses" | "certificate_ends" | "run_stopped" | "blocked" | "backup_skipped" | "waiting";

/**
 * What a line of the tree is to go to.
 */
export type MapConsent = { 
/**
 * The consent sync.
 */
name: string, 
/**
 * The path of the purpose, preference or value, or the contact field of an opt-out.
 */
path: string, 
/**
 * The field; none takes the line out.
 */
field?: string, 
/**
 * Whether the field says *yes* for a refusal.
 */
negated?: boolean, };

/**
 * What a value map can be made of.
 */
export type MapValues = { 
/**
 * The values that contacts have, the most frequent first.
 */
here: Array<FoundValue>, 
/**
 * Contacts have more values than these.
 */
more: boolean, 
/**
 * How many contacts were looked at, where it was not all of them.
 */
looked_at: number | null, 
/**
 * The active values of the picklist; empty where the field is none.
 */
offered: Array<PicklistValue>, 
/**
 * The org refuses values that the picklist does not offer.
 */
restricted: boolean, };

/**
 * One change to a mapping; a target is named as its text form names it.
 */
export type MappingEdit = { "kind": "rows", 
/**
 * The rows.
 */
text: string, } | { "kind": "constant", 
/**
 * The target.
 */
target: string, 
/**
 * The text.
 */
text: string, } | { "kind": "template", 
/**
 * The target.
 */
target: string, 
/**
 * The template.
 */
text: string, } | { "kind": "remove", 
/**
 * The target.
 */
target: string, } | { "kind": "overwrite", 
/**
 * The target.
 */
target: string, 
/**
 * The rule.
 */
overwrite: Overwrite, } | { "kind": "cutting", 
/**
 * The target.
 */
target: string, 
/**
 * The rule.
 */
cutting: Cutting, } | { "kind": "refusal", 
/**
 * The target.
 */
target: string, 
/**
 * The rule.
 */
refusal: RefusalRule, } | { "kind": "required", 
/**
 * The target.
 */
target: string, 
/**
 * Whether they are.
 */
required: boolean, } | { "kind": "values", 
/**
 * The target.
 */
target: string, 
/**
 * Our value and what it is replaced by; pairs with nothing to replace are dropped.
 */
values: Array<[string, string]>, };

/**
 * A mapping as a grid, one row a target field.
 */
export type MappingGrid = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Its target object.
 */
object: string, 
/**
 * Its connection.
 */
connection: string | null, 
/**
 * When the org last told what its fields are, UTC milliseconds; `None` where the standard fields stand in.
 */
described_at: number | null, 
/**
 * The text form of what is shown.
 */
text: string, 
/**
 * It is the mapping in force.
 */
saved: boolean, 
/**
 * A run could use it.
 */
usable: boolean, 
/**
 * The contact whose values are shown; `None` where there is none.
 */
sample: SampleContact | null, 
/**
 * Required fields first, then mapped ones, then the others.
 */
rows: Array<GridRow>, 
/**
 * Counts over the rows.
 */
counts: GridCounts, 
/**
 * What was found about the whole.
 */
findings: Array<Finding>, };

/**
 * What is known of a Mapping ID.
 */
export type MappingIdState = "verified" | "unverified" | "unfit";

/**
 * A replication's mapping, and what is to be said about it.
 */
export type MappingInfo = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Version, from 1.
 */
version: number, 
/**
 * A run has used it; changing it makes a new version.
 */
frozen: boolean, 
/**
 * Its rows.
 */
rows: Array<MappingLine>, 
/**
 * The text form, one row a line.
 */
text: string, 
/**
 * What was found about it.
 */
findings: Array<Finding>, };

/**
 * One row of a mapping.
 */
export type MappingLine = { 
/**
 * Where the value comes from, as text.
 */
source: string, 
/**
 * Where it goes.
 */
target: string, 
/**
 * The whole row as text.
 */
text: string, };

export type MappingText = { 
/**
 * The replication.
 */
name: string, 
/**
 * One row a line.
 */
text: string, };

/**
 * A contact of an account.
 */
export type Member = { 
/**
 * The contact.
 */
guid: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * E-mail.
 */
email: string | null, 
/**
 * What the contact is there.
 */
role: string, };

export type MembersPage = { 
/**
 * The segment.
 */
segment: string, 
/**
 * The last of the page before.
 */
after?: ContactId, 
/**
 * The most that are wanted.
 */
limit: number, };

export type Mend = { 
/**
 * The import that could not take them in.
 */
import: ImportId, 
/**
 * The rows.
 */
rows: Array<MendedRow>, };

/**
 * A row as somebody mended it.
 */
export type MendedRow = { 
/**
 * Number of the row in the file, from 1.
 */
line: number, 
/**
 * Its cells in the order of the columns.
 */
cells: Array<string>, };

/**
 * Where an erased person is still named.
 */
export type MentionPlace = "account" | "activity_type" | "connection" | "consent_history" | "contact" | "custom_field" | "email_list" | "mapping" | "pull" | "purpose" | "replication" | "score" | "search" | "segment" | "wording" | "workspace";

export type Merge = { 
/**
 * The contact that stays.
 */
survivor: string, 
/**
 * Those merged into it.
 */
others: Array<string>, };

/**
 * What merging came to.
 */
export type Merged = { 
/**
 * The contact that stays.
 */
survivor: Guid, 
/**
 * One act for each contact merged into it, to be undone in the opposite order.
 */
acts: Array<ActId>, };

/**
 * A column of a list.
 */
export type MirrorColumn = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * What it holds.
 */
kind: MirrorKind, };

/**
 * What a column of a mirror holds.
 */
export type MirrorKind = "text" | "number" | "whole" | "yes_no" | "date" | "date_time";

/**
 * Whether the org still has a record.
 */
export type MirrorState = "live" | "deleted" | "gone";

/**
 * A field of a mirrored record.
 */
export type MirroredFieldValue = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * What it holds.
 */
kind: MirrorKind, 
/**
 * The value.
 */
value: SearchCell, 
/**
 * The identity of the record that it points to.
 */
reference: string | null, 
/**
 * The name of that record, as far as it is mirrored.
 */
reference_name: string | null, 
/**
 * The org no longer has the field; the value is the last one that was read.
 */
gone: boolean, };

/**
 * A mirrored object with its counts.
 */
export type MirroredObject = { 
/**
 * The connections to its org.
 */
connections: Array<string>, 
/**
 * The org's id.
 */
org_id: string, 
/**
 * API name.
 */
object: string, 
/**
 * Label of one record.
 */
label: string, 
/**
 * Columns.
 */
fields: number, 
/**
 * Records that the org has.
 */
live: number, 
/**
 * Records in the recycle bin when they were read.
 */
deleted: number, 
/**
 * Records that the org returned no more.
 */
gone: number, 
/**
 * The pull that reads it.
 */
pull: string | null, 
/**
 * When that pull last ended, UTC milliseconds.
 */
read_at: number | null, };

/**
 * All mirrored objects.
 */
export type MirroredObjects = { 
/**
 * By org and name.
 */
objects: Array<MirroredObject>, };

/**
 * A mirrored record.
 */
export type MirroredRecord = { 
/**
 * API name.
 */
object: string, 
/**
 * 18 characters.
 */
id: string, 
/**
 * `<Id>@<orgId>.Salesforce`, and for a person their email.
 */
identities: Array<string>, 
/**
 * Whether the org still has it.
 */
state: MirrorState, 
/**
 * The record that it was merged into.
 */
winner: string | null, 
/**
 * When the org last touched it, UTC milliseconds.
 */
stamp: number | null, 
/**
 * Its fields.
 */
fields: Array<MirroredFieldValue>, };

/**
 * A source that does not fit.
 */
export type Misfit = { 
/**
 * What it is.
 */
source: SourceWords, 
/**
 * Why it does not fit.
 */
why: string, 
/**
 * What to do instead.
 */
cure: string, };

/**
 * A pull that is to read from another connection.
 */
export type MovePull = { 
/**
 * The pull.
 */
name: string, 
/**
 * The connection's name.
 */
connection: string, };

/**
 * The parameters of a command about one thing.
 */
export type Named = { 
/**
 * Its name.
 */
name: string, };

/**
 * A country or a state.
 */
export type NamedPlace = { 
/**
 * Its ISO code, as contacts hold it.
 */
code: string, 
/**
 * Its English name.
 */
name: string, };

/**
 * What a replication needs.
 */
export type Need = "connection" | "identifier" | "mapping" | "settings" | "company" | "contacts";

export type NewAccount = { 
/**
 * Its name.
 */
name: string, 
/**
 * Other values by field name.
 */
fields: { [key in string]: string }, };

export type NewConnection = { 
/**
 * Its name.
 */
name: string, 
/**
 * How it signs in.
 */
flow: Flow, 
/**
 * Prefix, host or address of the org; none for the practice org.
 */
host?: string, 
/**
 * Consumer key of the app in the org.
 */
client_id?: string, 
/**
 * Consumer secret, where the app asks for one; it goes into the vault and never comes back.
 */
client_secret?: string, 
/**
 * The one callback port that the app lists, where it is not one of ours.
 */
callback_port?: number, 
/**
 * Who signs in; for the flows *jwt* and *password*.
 */
username?: string, 
/**
 * The user's password; it goes into the vault and never comes back.
 */
password?: string, 
/**
 * The user's security token, as the password.
 */
security_token?: string, 
/**
 * Id of the key that signs in; for the flow *jwt*.
 */
key?: string, 
/**
 * Whom assertions are for, where it is not what the host implies.
 */
audience?: string, 
/**
 * How long an assertion is valid, in seconds; 180 where nothing is said.
 */
lifetime_s?: number, };

export type NewFault = { 
/**
 * Which.
 */
name: string, 
/**
 * How often; until it is taken back, where this is left out.
 */
times?: number, };

export type NewReplication = { 
/**
 * Its name.
 */
name: string, 
/**
 * `Lead` or `Contact`.
 */
object: string, 
/**
 * Everything else; what is not said takes its default.
 */
settings: ReplicationChange, };

export type NewScore = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Its rules.
 */
rules: Array<Rule>, };

export type NewSegment = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Its rules.
 */
tree: RuleTree, };

export type NewType = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is.
 */
description: string, };

export type NewWording = { 
/**
 * The names of the purpose, from the top down.
 */
purpose: string, 
/**
 * What people are asked, word for word.
 */
text: string, };

/**
 * When a pull comes next.
 */
export type NextPull = { 
/**
 * UTC milliseconds; none where it runs by hand only.
 */
at: number | null, 
/**
 * The time zone that times of the day are in.
 */
time_zone: string, };

/**
 * A pull, and a schedule for it.
 */
export type NextPullBy = { 
/**
 * The pull.
 */
name: string, 
/**
 * The schedule as text.
 */
schedule: string, };

/**
 * When a schedule comes next.
 */
export type NextRun = { 
/**
 * UTC milliseconds; none where it doesn't go by the clock.
 */
at: number | null, 
/**
 * The time zone that times of the day are in.
 */
time_zone: string, };

export type NextRunBy = { 
/**
 * The replication.
 */
name: string, 
/**
 * `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
 */
schedule: string, };

/**
 * The parameters of a command that needs none.
 */
export type Nothing = Record<symbol, never>;

/**
 * From which points on a contact raises an alert.
 */
export type NotifyAt = "never" | { "points": number };

/**
 * What the fields of an object hold.
 */
export type ObjectProfile = { 
/**
 * API name.
 */
object: string, 
/**
 * Where the values come from.
 */
from: ProfiledFrom, 
/**
 * How many records were looked at.
 */
records: number, 
/**
 * Field by field.
 */
fields: Array<ProfiledField>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * What a user may do with an object, as the org said last.
 */
export type ObjectRights = { 
/**
 * The object.
 */
object: string, 
/**
 * Whether its records can be read.
 */
read: boolean, 
/**
 * Whether records can be created.
 */
create: boolean, 
/**
 * Whether records can be changed.
 */
update: boolean, 
/**
 * How many fields this user sees.
 */
fields: number, 
/**
 * A field that can be the identifier.
 */
identifier: string | null, 
/**
 * When the org said so, UTC milliseconds.
 */
seen_at: number, };

/**
 * What the mirror of an object holds, and what is still to be done.
 */
export type ObjectSchema = { 
/**
 * API name.
 */
object: string, 
/**
 * Label of one record.
 */
label: string, 
/**
 * The steps, to be done or done; none where everything is in place.
 */
steps: Array<SchemaStep>, 
/**
 * Whether the steps are done.
 */
applied: boolean, 
/**
 * Fields with what they hold, in the order of the mirror.
 */
fields: Array<SchemaField>, 
/**
 * How each record is known for good.
 */
identity: string, 
/**
 * Reference fields with the objects that they point to.
 */
relations: { [key in string]: Array<string> }, 
/**
 * Fields that were chosen and that Salesforce doesn't show.
 */
unknown: Array<string>, 
/**
 * Why the object can't be mirrored.
 */
error: string | null, };

export type OfSample = { 
/**
 * The replication.
 */
name: string, 
/**
 * The contact whose values are shown; the first without.
 */
sample?: Guid, };

export type OneAccount = { 
/**
 * The account.
 */
account: AccountId, };

export type OneActivity = { 
/**
 * Its row.
 */
id: ActivityId, };

export type OneContact = { 
/**
 * Its guid, or an e-mail that only it has.
 */
contact: string, };

export type OneImport = { 
/**
 * Which.
 */
import: ImportId, };

export type OnePurpose = { 
/**
 * The names from the purpose down, ` > ` between them.
 */
path: string, };

/**
 * A record of the mirror.
 */
export type OneRecord = { 
/**
 * Its id, of 15 or 18 characters.
 */
id: string, };

export type OneRun = { 
/**
 * The run.
 */
run: number, 
/**
 * Only refused rows.
 */
refused: boolean, 
/**
 * How many rows at most.
 */
limit: number, };

export type OpenPage = { 
/**
 * Which page.
 */
page: SalesforcePage, 
/**
 * What was typed as the address of the org.
 */
host?: string, 
/**
 * How old the org's pages are.
 */
generation?: Generation, };

export type OpenWorkspace = { path?: string, };

/**
 * How a field is compared.
 */
export type Operator = "equals" | "not_equals" | "contains" | "starts_with" | "ends_with" | "not_contains" | "one_of" | "none_of" | "is_set" | "is_not_set" | "greater" | "at_least" | "less" | "at_most" | "before" | "after" | "is_true" | "is_false" | "within_last" | "longer_ago" | "within_next" | "anniversary_within";

/**
 * Opportunities of the Contact that somebody is linked to: how many, and what they come to.
 */
export type OpportunityRule = { 
/**
 * Which.
 */
opportunities: OpportunityState, 
/**
 * How they belong to the Contact; either way where unset.
 */
through?: Through, 
/**
 * How many; at least one where neither this nor the sum is set.
 */
times?: Times, 
/**
 * What their amounts come to.
 */
sum?: Sum, 
/**
 * Only those of which all of this holds; fields by their API names, such as `StageName`.
 */
with?: Array<Condition>, };

/**
 * Which opportunities.
 */
export type OpportunityState = "any" | "open" | "closed" | "won" | "lost";

/**
 * What is sent of contacts who opted out of email. A no goes in any case.
 */
export type OptedOut = "update" | "like_others" | "only_opt_out";

/**
 * What kind of org a connection leads to.
 */
export type OrgKind = "production" | "sandbox" | "practice" | "unknown";

/**
 * What can be searched.
 */
export type OrgObject = "Lead" | "Contact" | "Account" | "Campaign";

/**
 * An object of an org.
 */
export type OrgObjectListed = { 
/**
 * API name.
 */
object: string, 
/**
 * Label of one record.
 */
label: string, 
/**
 * It was made in the org.
 */
custom: boolean, 
/**
 * It is one of those that are offered first.
 */
usual: boolean, 
/**
 * About how many records it has, as the org last counted them.
 */
records: number | null, 
/**
 * The pull that reads it.
 */
pull: string | null, };

/**
 * The objects of an org that can be queried.
 */
export type OrgObjectsListed = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The usual ones first, then by name.
 */
objects: Array<OrgObjectListed>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * What is looked for.
 */
export type OrgSearch = { 
/**
 * The object.
 */
object: OrgObject, 
/**
 * Words; a record must hold all of them, the last one may go on. None asks by criteria alone.
 */
text?: string, 
/**
 * Where the words are looked for.
 */
within?: SearchWithin, 
/**
 * Whether all criteria must hold.
 */
matching?: CriteriaMatch, 
/**
 * The criteria; none finds everything.
 */
criteria?: Array<Criterion>, 
/**
 * What is shown of each record; none shows what is usual.
 */
columns?: Array<string>, 
/**
 * In which order; by name without.
 */
sort?: SearchSort, };

/**
 * What the first screen shows.
 */
export type Overview = { 
/**
 * What needs a look, the gravest first.
 */
looks: Array<Look>, 
/**
 * What became of the contacts that were sent, day by day; the last day is today.
 */
days: Array<DayFigures>, 
/**
 * Why contacts do not get through at the moment, the most frequent cause first.
 */
causes: Array<Cause>, 
/**
 * API calls of each connection that was used within 24 hours, the busiest first.
 */
api_use: Array<ApiUse>, 
/**
 * Which of the three ways to begin have been taken.
 */
begun: Begun, 
/**
 * The replication that was run last, or the only one: what the main button plans.
 */
next_replication: string | null, };

/**
 * When a value that the record has gives way.
 */
export type Overwrite = "own" | "always" | "if_empty" | "on_create";

/**
 * A page of a list.
 */
export type PageRequest = { 
/**
 * Which contacts.
 */
filter?: ContactsFilter, 
/**
 * In which order; the newest first without.
 */
sort?: ContactsSort, 
/**
 * What is wanted of each: `name`, field names, `account`, `points:<score>`, `salesforce`.
 */
columns: Array<string>, 
/**
 * Position of the first, from 0.
 */
from: number, 
/**
 * Length of the page, 500 at most.
 */
limit: number, 
/**
 * A contact's guid whose position is wanted too.
 */
find?: string, };

/**
 * A pair that could not be linked.
 */
export type PairRefused = { 
/**
 * The contact.
 */
contact: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * Why.
 */
why: string, 
/**
 * What to do.
 */
cure: string, };

/**
 * The replication of the other object on the same connection with which people are shared.
 */
export type Partner = { 
/**
 * The other replication.
 */
replication: ReplicationId, 
/**
 * New people in this segment become contacts; without one, all new people become leads.
 */
contacts_segment: string | null, };

/**
 * The partner of a replication.
 */
export type PartnerInfo = { 
/**
 * The other replication; none where this one shares its people with nobody.
 */
partner: string | null, 
/**
 * The segment whose new people become contacts.
 */
contacts_segment: string | null, 
/**
 * The replications that could be its partner.
 */
possible: Array<string>, };

/**
 * What two partners come to.
 */
export type PartnerPreview = { 
/**
 * The replication of leads.
 */
leads: PartnerSide, 
/**
 * The replication of contacts.
 */
contacts: PartnerSide, 
/**
 * The segment whose new people become contacts.
 */
contacts_segment: string | null, };

/**
 * Where the people of one of two partners go.
 */
export type PartnerSide = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Its object.
 */
object: string, 
/**
 * Contacts that it selects.
 */
selected: number, 
/**
 * Of these, who has a record of this object already.
 */
linked: number, 
/**
 * Of these, new people who become one.
 */
new: number, 
/**
 * Of these, who goes through the partner.
 */
to_partner: number, 
/**
 * Of those who have a record, who would be one of the other object if they were new. They stay what they are.
 */
staying: number, 
/**
 * A few of those who stay.
 */
staying_people: Array<Person>, };

/**
 * How many there are, from here to the org.
 */
export type Passage = { 
/**
 * Here: selected contacts, or members of the segment.
 */
members: number, 
/**
 * In the queue.
 */
queued: number, 
/**
 * Sent, and linked to a record.
 */
sent: number, 
/**
 * Found in Salesforce; `None` where it was not asked, or the field cannot be filtered on.
 */
confirmed: number | null, };

export type Passphrase = { 
/**
 * What the user typed; null forgets it.
 */
passphrase: string | null, };

/**
 * An import as a list shows it.
 */
export type PastImport = { 
/**
 * Id.
 */
id: ImportId, 
/**
 * What the file brings.
 */
kind: ImportKind, 
/**
 * The file's name, without its folder.
 */
file_name: string, 
/**
 * Mended rows of that file, not the file itself.
 */
mended: boolean, 
/**
 * The file whose faulty rows these were, mended here or in the errors file.
 */
mends: string | null, 
/**
 * Where it stands.
 */
state: ImportState, 
/**
 * Data rows read.
 */
rows: number, 
/**
 * New contacts, or activities of contacts.
 */
created: number, 
/**
 * Contacts changed, or activities of people who were not here.
 */
updated: number, 
/**
 * Contacts that already held the same values.
 */
unchanged: number, 
/**
 * Rows left out.
 */
skipped: number, 
/**
 * Rows that could not be taken in, and were not mended since.
 */
faulty: number, 
/**
 * Faulty rows that were mended and taken in.
 */
fixed: number, 
/**
 * Some of the faulty ones wait to be mended.
 */
mendable: boolean, 
/**
 * When it began, UTC milliseconds.
 */
started_at: number, 
/**
 * When it ended, UTC milliseconds.
 */
ended_at: number | null, 
/**
 * The act to undo; none once it is undone or older than 30 days.
 */
act: ActId | null, };

export type PasteText = { 
/**
 * The replication.
 */
name: string, 
/**
 * One row a line; the mapping in force without.
 */
text?: string, 
/**
 * What was pasted.
 */
pasted: string, };

/**
 * What a pasted text would set.
 */
export type Pasted = { 
/**
 * Its rows; blank lines and comments are left out.
 */
lines: Array<PastedLine>, 
/**
 * The rows that can be set, as text.
 */
rows: string, };

/**
 * One row of a pasted text.
 */
export type PastedLine = { 
/**
 * Its line, from 1.
 */
line: number, 
/**
 * As it was pasted.
 */
text: string, 
/**
 * The target as people call it; empty where the line cannot be read.
 */
label: string, 
/**
 * Where the value would come from.
 */
source: SourceWords | null, 
/**
 * Where it comes from now.
 */
before: SourceWords | null, 
/**
 * The row stands there already.
 */
same: boolean, 
/**
 * Why it cannot be set, or what is doubtful about it.
 */
finding: Finding | null, };

/**
 * Who a contact is, in a few words.
 */
export type Person = { 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * Where a day lies.
 */
export type Phase = "before" | "during" | "after";

/**
 * What a file is picked for.
 */
export type Pick = "workspace" | "contacts" | "csv" | "xlsx" | "text" | "proof" | "page" | "key" | "certificate";

export type PickFile = { 
/**
 * What for.
 */
what: Pick, };

export type PickPlace = { 
/**
 * What for.
 */
what: Pick, 
/**
 * The name to propose.
 */
name: string, };

/**
 * One value that a picklist offers.
 */
export type PicklistValue = { 
/**
 * What is sent and stored.
 */
value: string, 
/**
 * What people read.
 */
label: string, 
/**
 * Whether it may still be chosen.
 */
active: boolean, };

/**
 * Where somebody stands towards a segment.
 */
export type Place = "in" | "not_in" | "exited";

export type PlacesOf = { 
/**
 * A country, by name or code.
 */
country?: string, };

/**
 * The counts of a plan; each contact counts once.
 */
export type PlanCounts = { 
/**
 * Records to be created.
 */
create: number, 
/**
 * Records to be updated.
 */
update: number, 
/**
 * Create or update: known once the org was asked.
 */
match_pending: number, 
/**
 * Selected, but nothing differs.
 */
unchanged: number, 
/**
 * Need a person.
 */
blocked: number, 
/**
 * Not selected.
 */
left_out: number, 
/**
 * API calls that a run would need, at most one more per page of long answers.
 */
calls: number, };

/**
 * What a run would do with a contact, where it would do or need something.
 */
export type PlanDecision = "create" | "update" | "match_pending" | "blocked";

/**
 * What a run would do.
 */
export type PlanReport = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Which of Salesforce's APIs sends them, why, and what each costs.
 */
api: ApiCosts, 
/**
 * Whether the org was asked.
 */
matched: boolean, 
/**
 * Contacts that a run would cut values of.
 */
cut: number, 
/**
 * Contacts of whom a value would not go as it is: cut, left out, changed.
 */
remarked: number, 
/**
 * What would become of these values, by kind and field, the most frequent first.
 */
remarks: Array<PlannedRemark>, 
/**
 * Contact fields that hold values and go nowhere.
 */
unsent: Array<UnsentField>, 
/**
 * The API calls that a run may make now; `None` where the org has told nothing yet.
 */
budget: CallBudget | null, 
/**
 * What was found about the mapping.
 */
findings: Array<Finding>, 
/**
 * Why contacts are blocked, the most frequent reason first.
 */
blocked_by: Array<BlockedBy>, 
/**
 * Fields of the org that have changed, and that the replication, its score or its segments use.
 */
drift: Array<ChangedField>, 
/**
 * Who goes through this replication and who through its partner, and why; `None` without a partner.
 */
partner: PartnerPreview | null, 
/**
 * Records to be created.
 */
create: number, 
/**
 * Records to be updated.
 */
update: number, 
/**
 * Create or update: known once the org was asked.
 */
match_pending: number, 
/**
 * Selected, but nothing differs.
 */
unchanged: number, 
/**
 * Need a person.
 */
blocked: number, 
/**
 * Not selected.
 */
left_out: number, 
/**
 * API calls that a run would need, at most one more per page of long answers.
 */
calls: number, };

/**
 * A contact of the latest plan.
 */
export type PlannedLine = { 
/**
 * The contact's row, for the next page.
 */
id: ContactId, 
/**
 * What a run would do.
 */
decision: PlanDecision, 
/**
 * The record to update, where known.
 */
record_id: string | null, 
/**
 * Why it is blocked: code.
 */
code: string | null, 
/**
 * The code in two or three words.
 */
label: string | null, 
/**
 * Why it is blocked, and what to do.
 */
message: string | null, 
/**
 * What can be done about it before a run.
 */
cures: Array<Cure>, 
/**
 * Whose record it may be.
 */
candidates: Array<Candidate>, 
/**
 * Candidates; what would become of values that don't go as they are.
 */
detail: JsonValue, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A page of the latest plan's contacts.
 */
export type PlannedPage = { 
/**
 * The contacts, in the order in which they came.
 */
contacts: Array<PlannedLine>, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: ContactId | null, };

/**
 * Which contacts of the latest plan are asked for.
 */
export type PlannedQuery = { 
/**
 * The replication.
 */
name: string, 
/**
 * What a run would do with them.
 */
decision?: PlanDecision, 
/**
 * Why they are blocked, as a [`PlannedReason`] has it.
 */
code?: string, 
/**
 * The field that this is about, where it is about one.
 */
field?: string, 
/**
 * The same in words, where it is about no field.
 */
message?: string, 
/**
 * Only those of whom this becomes of a value.
 */
remark?: RemarkKind, 
/**
 * Only those of whom a value would not go as it is: cut, left out, changed.
 */
remarked?: boolean, 
/**
 * Starts of words of their names, email or company.
 */
search?: string, 
/**
 * The last one of the page before.
 */
after?: ContactId, 
/**
 * Length of the page, 500 at most.
 */
limit: number, };

/**
 * Why contacts of the latest plan are blocked.
 */
export type PlannedReason = { 
/**
 * The code.
 */
code: string, 
/**
 * The field that it is about, or the relationship to a parent.
 */
field: string | null, 
/**
 * The code in two or three words.
 */
label: string, 
/**
 * Why, with some of the values, and what to do.
 */
message: string, 
/**
 * How many contacts.
 */
contacts: number, 
/**
 * What can be done about all of them.
 */
cures: Array<Cure>, };

/**
 * What becomes of the values of some contacts in one field.
 */
export type PlannedRemark = { 
/**
 * What becomes of them.
 */
kind: RemarkKind, 
/**
 * The field, or the relationship to a parent.
 */
field: string, 
/**
 * In words, with some of the values.
 */
message: string, 
/**
 * How many contacts.
 */
contacts: number, };

/**
 * A range of points.
 */
export type PointRange = { 
/**
 * The least points in it.
 */
from: number, 
/**
 * The most points in it.
 */
to: number, 
/**
 * Contacts whose points lie in it.
 */
contacts: number, };

/**
 * How many contacts have how many points.
 */
export type PointSpread = { 
/**
 * Contacts, those without any points included.
 */
contacts: number, 
/**
 * The least points of anyone.
 */
least: number, 
/**
 * The most points of anyone.
 */
most: number, 
/**
 * The sum of all points.
 */
sum: number, 
/**
 * Ranges of points, the lowest first and without gaps.
 */
ranges: Array<PointRange>, };

/**
 * Why a contact has her points in a score.
 */
export type PointsExplained = { 
/**
 * The points, as last calculated.
 */
points: number, 
/**
 * Every rule, as it stands now.
 */
rules: Array<RuleExplained>, };

/**
 * Points in a score; who has none has 0.
 */
export type PointsRule = { 
/**
 * The score's name.
 */
points: string, 
/**
 * How they are compared.
 */
op: Comparison, 
/**
 * With what.
 */
value: number, };

/**
 * Trouble to be rehearsed.
 */
export type PracticeFaults = { 
/**
 * What there is to choose from.
 */
known: Array<KnownFault>, 
/**
 * What is waiting to happen.
 */
waiting: Array<WaitingFault>, };

/**
 * What stands ready to be tried.
 */
export type PracticeReady = { 
/**
 * The replication to be planned next.
 */
replication: string, 
/**
 * The connection to the practice org.
 */
connection: string, };

/**
 * The practice org beside a workspace, and who serves it.
 */
export type PracticeState = { 
/**
 * The org's file.
 */
file: string, 
/**
 * Whether there is one.
 */
exists: boolean, 
/**
 * Where it is served; `None` while nobody serves it.
 */
address: string | null, 
/**
 * Whether this process serves it.
 */
here: boolean, };

export type Preference = { 
/**
 * Which preference.
 */
key: string, 
/**
 * Its value.
 */
value: JsonValue, };

export type PrepareOrg = { 
/**
 * The replication.
 */
name: string, 
/**
 * Changes nothing.
 */
check_only: boolean, };

/**
 * One thing that was found or done.
 */
export type PrepareStep = { 
/**
 * What.
 */
text: string, 
/**
 * What kind of thing.
 */
kind: StepKind, };

/**
 * What preparing an org came to.
 */
export type Prepared = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Its target object.
 */
object: string, 
/**
 * The identifier field.
 */
identifier: string, 
/**
 * The fields of activated segments.
 */
segment_fields: Array<string>, 
/**
 * Whether records can be created now.
 */
ready: boolean, 
/**
 * What was found and done, in order.
 */
steps: Array<PrepareStep>, };

/**
 * What an import would make of a file.
 */
export type Preview = { 
/**
 * `csv`, `xlsx` or `vcard`.
 */
format: string, 
/**
 * The encoding of text.
 */
encoding: string | null, 
/**
 * What separates its cells.
 */
delimiter: string | null, 
/**
 * What quotes its cells.
 */
quote: string | null, 
/**
 * The sheet of a spreadsheet.
 */
sheet: string | null, 
/**
 * All sheets of it.
 */
sheets: Array<Sheet>, 
/**
 * The row with the column names as the file counts; 0 where it has none.
 */
header_row: number, 
/**
 * The first rows that are not blank, to choose another one from.
 */
first_rows: Array<FirstRow>, 
/**
 * Size of the file in bytes.
 */
bytes: number, 
/**
 * The columns in file order.
 */
columns: Array<ColumnPreview>, 
/**
 * What could not be decided for sure.
 */
warnings: Array<Warning>, 
/**
 * An earlier import of the same file, if there was one.
 */
imported_before: boolean, };

export type PreviewTemplate = { 
/**
 * The replication.
 */
name: string, 
/**
 * The template.
 */
template: string, 
/**
 * The contact for whom it is rendered.
 */
sample?: Guid, };

/**
 * What a field holds.
 */
export type ProfiledField = { 
/**
 * API name.
 */
field: string, 
/**
 * Label.
 */
label: string, 
/**
 * What it holds.
 */
kind: MirrorKind, 
/**
 * Records that have a value.
 */
filled: number, 
/**
 * Different values.
 */
distinct: number, 
/**
 * The most frequent values, at most ten.
 */
top: Array<ProfiledValue>, 
/**
 * Characters of the shortest text.
 */
shortest: number | null, 
/**
 * Characters of the longest text.
 */
longest: number | null, 
/**
 * The least value.
 */
least: SearchCell, 
/**
 * The greatest value.
 */
greatest: SearchCell, };

/**
 * Where the values come from.
 */
export type ProfiledFrom = "mirror" | "sample";

/**
 * How often a value stands in a field.
 */
export type ProfiledValue = { 
/**
 * The value.
 */
value: SearchCell, 
/**
 * In how many records.
 */
records: number, };

/**
 * What a proof holds.
 */
export type ProofInfo = { 
/**
 * Events in the file.
 */
events: number, 
/**
 * What a check of the whole ledger found.
 */
ledger: LedgerInfo, };

/**
 * What is proved, and where to.
 */
export type ProofRequest = { 
/**
 * A guid or an email; everybody where unset.
 */
contact?: string, 
/**
 * The file: a page to print where its name ends in `.html`, otherwise JSON.
 */
place: string, };

/**
 * The proxy in use.
 */
export type ProxySetting = { 
/**
 * `system`, `none`, or the address.
 */
proxy: string, };

export type ProxyText = { 
/**
 * `system`, `none`, or an address such as `proxy.acme.com:8080`.
 */
proxy: string, };

/**
 * Changes to what can be set of a pull; what is left out stays.
 */
export type PullChange = { 
/**
 * A disabled pull runs by hand only.
 */
enabled?: boolean, 
/**
 * `manual`, `every 15 minutes` or `at 08:00, 13:30`.
 */
schedule?: string, 
/**
 * API calls of the 24-hour allowance that are left to others.
 */
api_reserve?: number, 
/**
 * What someone wants to be told of.
 */
alerts?: Array<AlertKind>, 
/**
 * Minutes after which what is due and has not begun is late.
 */
late_after?: number, };

/**
 * A pull with its latest runs.
 */
export type PullDetails = { 
/**
 * Its name.
 */
name: string, 
/**
 * The connection that it reads from.
 */
connection: string, 
/**
 * A disabled pull runs by hand only.
 */
enabled: boolean, 
/**
 * Its schedule and what else can be set.
 */
settings: PullSettings, 
/**
 * When it runs next by itself, UTC milliseconds.
 */
next_run_at: number | null, 
/**
 * What it reads.
 */
objects: Array<PulledObject>, 
/**
 * Its latest runs, the last one first.
 */
runs: Array<PullRun>, };

/**
 * A field that a pull can read.
 */
export type PullField = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * It is read unless others are chosen.
 */
usual: boolean, };

/**
 * The fields of an object.
 */
export type PullFields = { 
/**
 * API name.
 */
object: string, 
/**
 * Those that can be read, by label.
 */
fields: Array<PullField>, 
/**
 * Those by which records can be chosen.
 */
conditions: Array<SearchField>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * Which records of an object a pull reads.
 */
export type PullFilter = { 
/**
 * Whether all criteria must hold.
 */
matching: CriteriaMatch, 
/**
 * The criteria; none reads everything.
 */
criteria: Array<Criterion>, };

/**
 * What moving a pull to another connection came to.
 */
export type PullMoved = { 
/**
 * The pull.
 */
pull: string, 
/**
 * The connection that it read from.
 */
from: string, 
/**
 * The connection that it reads from now.
 */
to: string, 
/**
 * Both are of one org: the next run goes on where the last one ended.
 */
same_org: boolean, 
/**
 * Live records that were read from the org before, and stay in the mirror.
 */
kept: number, };

/**
 * What a run of a pull has brought.
 */
export type PullOutcome = { 
/**
 * The pull.
 */
pull: string, 
/**
 * What it did, object by object.
 */
objects: Array<PullRunObject>, 
/**
 * API calls in all.
 */
calls: number, 
/**
 * How it ended.
 */
state: PullRunState, 
/**
 * Why it stopped, or what kept an object from being read.
 */
reason: string | null, };

/**
 * A run of a pull.
 */
export type PullRun = { 
/**
 * Id.
 */
id: PullRunId, 
/**
 * How it stands.
 */
state: PullRunState, 
/**
 * Why it stopped.
 */
reason: string | null, 
/**
 * API calls.
 */
calls: number, 
/**
 * When it began, UTC milliseconds.
 */
started_at: number, 
/**
 * When it ended.
 */
ended_at: number | null, 
/**
 * What it did, object by object.
 */
objects: Array<PullRunObject>, };

/**
 * A run of a pull.
 */
export type PullRunId = number;

/**
 * What a run of a pull did with an object.
 */
export type PullRunObject = { 
/**
 * API name.
 */
object: string, 
/**
 * Records read, some of them perhaps twice.
 */
read: number, 
/**
 * Records that the mirror lacked.
 */
new: number, 
/**
 * Records that are another than before.
 */
changed: number, 
/**
 * Records that were found in the recycle bin.
 */
deleted: number, 
/**
 * Records that the org returned no more.
 */
gone: number, 
/**
 * API calls.
 */
calls: number, 
/**
 * Live records by the org's own count; none where it wasn't counted.
 */
in_org: number | null, 
/**
 * Live records in the mirror afterwards.
 */
in_mirror: number | null, 
/**
 * What the user should know.
 */
notes: Array<string>, };

/**
 * How a run of a pull stands.
 */
export type PullRunState = "running" | "finished" | "stopped" | "cancelled" | "interrupted";

/**
 * The schema of a pull.
 */
export type PullSchema = { 
/**
 * The pull.
 */
pull: string, 
/**
 * The org's id, which is part of every record's identity.
 */
org_id: string, 
/**
 * What was asked for, object by object.
 */
objects: Array<ObjectSchema>, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * What a user can set of a pull, apart from what it reads.
 */
export type PullSettings = { 
/**
 * When it runs by itself.
 */
schedule: string, 
/**
 * API calls of the 24-hour allowance that are left to others.
 */
api_reserve: number, 
/**
 * What someone wants to be told of.
 */
alerts: Array<AlertKind>, 
/**
 * Minutes after which what is due and has not begun is late.
 */
late_after: number, };

/**
 * An object that a pull reads.
 */
export type PulledObject = { 
/**
 * API name.
 */
object: string, 
/**
 * Label of one record, as far as it is known here.
 */
label: string, 
/**
 * Names of the fields as chosen; `None` for those that are usual.
 */
fields: Array<string> | null, 
/**
 * Which records; `None` for all.
 */
filter: PullFilter | null, 
/**
 * Columns in the mirror; `None` before the schema is generated.
 */
columns: number | null, 
/**
 * Live records in the mirror.
 */
records: number, 
/**
 * A reading was broken off; the next run goes on with it.
 */
under_way: boolean, };

/**
 * All pulls.
 */
export type PullsListed = { 
/**
 * By name.
 */
pulls: Array<PullDetails>, };

/**
 * A purpose, a preference or a preference value, with how many live contacts have answered.
 */
export type PurposeInfo = { 
/**
 * The names from the purpose down, such as `Newsletter > Topics > Offers`.
 */
path: string, 
/**
 * Which of the three it is.
 */
level: ConsentLevel, 
/**
 * Have given it.
 */
given: number, 
/**
 * Have refused it.
 */
refused: number, };

/**
 * One of the figures, as a list of its contacts is asked for.
 */
export type QueueFigure = "waiting" | "blocked" | "sent" | "held";

/**
 * Where the contacts of replications stand now.
 */
export type QueueFigures = { 
/**
 * Contacts that wait to be sent, those being sent included.
 */
waiting: number, 
/**
 * Contacts that are not sent until someone acts, those refused too often included.
 */
blocked: number, 
/**
 * Contacts that the org holds as we want them.
 */
sent: number, 
/**
 * Contacts whose records were undone, until they are released.
 */
held: number, };

/**
 * Which contacts of the queue are shown.
 */
export type QueueFilter = { 
/**
 * Of this replication; of all where unset.
 */
replication?: string, 
/**
 * In this state; without one those that wait or need a person.
 */
state?: EntryState, 
/**
 * Where no state is named, those that one of the figures counts.
 */
counted?: QueueFigure, 
/**
 * Only with this cause: the org's code, or ours in lower case.
 */
code?: string, 
/**
 * Where a cause is named, only contacts that this run stopped.
 */
run?: RunId, 
/**
 * Only this contact.
 */
contact?: string, };

/**
 * A contact in the queue.
 */
export type QueueLine = { 
/**
 * The replication.
 */
replication: string, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * E-mail.
 */
email: string | null, 
/**
 * Company.
 */
company: string | null, 
/**
 * State.
 */
state: EntryState, 
/**
 * Not before this moment; of waiting ones that were refused for now.
 */
due_at: string | null, 
/**
 * Refusals so far that may pass.
 */
attempts: number, 
/**
 * The org's code, or ours in lower case.
 */
code: string | null, 
/**
 * What happened, and what to do.
 */
message: string | null, 
/**
 * The cause in two or three words.
 */
label: string | null, 
/**
 * What can be offered.
 */
cures: Array<Cure>, 
/**
 * Who it may be instead.
 */
candidates: Array<Candidate>, 
/**
 * Candidates, fields and the like.
 */
detail: JsonValue, };

/**
 * The queue, as far as it was asked for.
 */
export type QueueList = { 
/**
 * How many contacts are in each state, over the replications asked for.
 */
counts: { [key in string]: number }, 
/**
 * Where they stand, over the replications asked for.
 */
figures: QueueFigures, 
/**
 * How many contacts fit the filter.
 */
total: number, 
/**
 * A page of them.
 */
entries: Array<QueueLine>, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: string | null, };

export type QueuePage = { 
/**
 * Which contacts.
 */
filter: QueueFilter, 
/**
 * `next` of the page before.
 */
after?: string, 
/**
 * How many at most.
 */
limit: number, };

/**
 * A place in a list of queue entries.
 */
export type QueuePlace = { 
/**
 * When the entry is due, UTC milliseconds.
 */
due_at: number, 
/**
 * The entry.
 */
id: number, };

/**
 * An answer as Salesforce gave it.
 */
export type RawAnswer = { 
/**
 * Its code.
 */
code: string, 
/**
 * Its own words; empty where it gave none.
 */
words: string, };

/**
 * Something that a replication needs before its first run.
 */
export type ReadyStep = { 
/**
 * What it is about.
 */
need: Need, 
/**
 * Whether it is there.
 */
done: boolean, 
/**
 * How it stands, in a sentence.
 */
text: string, };

/**
 * Why an entry is blocked, given up or tried again.
 */
export type Reason = { 
/**
 * The org's error code, or ours in lower case such as `ambiguous`.
 */
code: string, 
/**
 * What happened, for people.
 */
message: string, 
/**
 * Fields, candidates and the like; `null` where there is nothing to add.
 */
detail: JsonValue, };

export type Recalculate = { 
/**
 * One score; all scores and segments without.
 */
name?: string, 
/**
 * Looks at every contact, not only at changed ones.
 */
full?: boolean, };

/**
 * What a recalculation came to.
 */
export type Recalculated = { 
/**
 * Contacts looked at; one that was looked at twice counts twice.
 */
seen: number, 
/**
 * Points that changed, over all scores.
 */
changed: number, 
/**
 * Marks set, over all replications.
 */
marked: number, 
/**
 * Memberships that began, over all segments.
 */
joined: number, 
/**
 * Memberships that ended, over all segments.
 */
left: number, 
/**
 * It was not stopped half-way; a stopped one goes on with the next call.
 */
complete: boolean, };

export type RecentWorkspace = { 
/**
 * Where it is.
 */
path: string, 
/**
 * The name of its file, without the ending.
 */
name: string, 
/**
 * The folder that it is in.
 */
folder: string, };

export type Reconcile = { 
/**
 * The replication.
 */
name: string, 
/**
 * Reads every record back, instead of counting.
 */
read_back: boolean, };

/**
 * What came of asking Salesforce.
 */
export type Reconciled = { 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * API calls that it took.
 */
calls: number, 
/**
 * Records read back; none where records were only counted.
 */
records: number | null, 
/**
 * All records of the replication.
 */
all: Passage, 
/**
 * Its active segments, in the order of the mapping.
 */
segments: Array<SegmentPassage>, };

/**
 * How far members, queue, what was sent and what Salesforce holds agree.
 */
export type Reconciliation = { 
/**
 * The replication.
 */
replication: string, 
/**
 * What asking would cost now; none while the mapping cannot be used.
 */
cost: Cost | null, 
/**
 * What came of it last.
 */
last: Reconciled | null, 
/**
 * Contacts whose records differ from what was sent.
 */
differing: number, };

/**
 * A record that a contact is linked to.
 */
export type RecordBeside = { 
/**
 * The connection to its org, where there still is one.
 */
connection: string | null, 
/**
 * The record's object.
 */
object: string, 
/**
 * The record.
 */
record_id: string, 
/**
 * What is known of the link: `linked`, `deleted` or `converted`.
 */
link: string, 
/**
 * What the mirror holds of it.
 */
record: MirroredRecord | null, 
/**
 * What the mirror holds of its account.
 */
account: MirroredRecord | null, 
/**
 * What the mirror holds of the user who owns it.
 */
owner: MirroredRecord | null, 
/**
 * When the pull of its object last ended, UTC milliseconds.
 */
read_at: number | null, };

/**
 * An answer to be recorded.
 */
export type RecordConsent = { 
/**
 * The contacts: guids or emails.
 */
contacts?: Array<string>, 
/**
 * More contacts: the emails in a text, whatever separates them.
 */
pasted?: string, 
/**
 * To what, by its path.
 */
purpose: string, 
/**
 * Given or refused; unset takes an answer back.
 */
given?: boolean, 
/**
 * When, UTC milliseconds; now where unset.
 */
at?: number, 
/**
 * How they answered; recorded by hand where unset.
 */
how?: How, 
/**
 * For a double opt-in, when they asked for it, UTC milliseconds; `at` is when they confirmed.
 */
asked_at?: number, 
/**
 * The version of the purpose's wording that they answered.
 */
wording?: number, 
/**
 * Where they were asked, for example a form or a trade fair.
 */
source?: string, 
/**
 * Takes back what was recorded by mistake: this is what counted before.
 */
undo?: boolean, };

/**
 * Which of two records stays linked to a contact that another one was merged into.
 */
export type RecordKept = { 
/**
 * The contact.
 */
contact: Guid, 
/**
 * The record that it is linked to.
 */
record_id: string, 
/**
 * The records that nothing is linked to any more; they stay in Salesforce.
 */
unlinked: Array<string>, };

/**
 * A record that was not brought in.
 */
export type RecordLeftOut = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, where known.
 */
name: string, 
/**
 * Why, and what to do.
 */
reason: string, };

/**
 * A record of a list.
 */
export type RecordListed = { 
/**
 * 18 characters.
 */
id: string, 
/**
 * `<Id>@<orgId>.Salesforce`.
 */
identity: string, 
/**
 * Whether the org still has it.
 */
state: MirrorState, 
/**
 * The record that it was merged into.
 */
winner: string | null, 
/**
 * Values, column by column.
 */
values: Array<SearchCell>, };

/**
 * What recording an answer came to.
 */
export type RecordedConsent = { 
/**
 * For so many contacts it is new.
 */
changed: number, 
/**
 * So many had answered the same before.
 */
unchanged: number, 
/**
 * For so many a later answer goes on counting; this one is kept in the ledger.
 */
outweighed: number, 
/**
 * Nothing is recorded for these.
 */
unknown: Array<UnknownContact>, };

/**
 * What bringing records in came to; every record is in exactly one of the counts.
 */
export type RecordsImported = { 
/**
 * Contacts made of records.
 */
created: Array<Guid>, 
/**
 * Contacts who were here with the record's e-mail: they got the link, and what they did not have yet.
 */
found: Array<Guid>, 
/**
 * Records that were linked already.
 */
linked_before: number, 
/**
 * Records that were left out.
 */
left_out: Array<RecordLeftOut>, 
/**
 * What it cost.
 */
spent: CallsSpent, };

/**
 * A page of records.
 */
export type RecordsListed = { 
/**
 * API name.
 */
object: string, 
/**
 * They come from the mirror; else they are sample rows of the org.
 */
mirrored: boolean, 
/**
 * The columns.
 */
columns: Array<MirrorColumn>, 
/**
 * The records.
 */
records: Array<RecordListed>, 
/**
 * Names of the records that values point to, by record id, as far as they are mirrored.
 */
names: { [key in string]: string }, 
/**
 * Ask with this as `after` for the next page; none on the last one.
 */
next: string | null, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * Contacts that were refused for the same reason.
 */
export type Refusal = { 
/**
 * The org's code, or ours in lower case.
 */
code: string, 
/**
 * The cause in two or three words.
 */
label: string, 
/**
 * How many rows.
 */
rows: number, 
/**
 * What it means.
 */
cause: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * The first words of the org about it.
 */
example: string, 
/**
 * What can be offered; nothing where it passes by itself.
 */
cures: Array<Cure>, };

/**
 * What to do with a value that the org would refuse, where the record can do without it.
 */
export type RefusalRule = "leave_out" | "block";

/**
 * Which contacts on hold are released.
 */
export type Release = { 
/**
 * Of this replication; of all where unset.
 */
replication?: string, 
/**
 * Only these contacts; all of them where there is none.
 */
contacts?: Array<string>, };

/**
 * What becomes of a value that does not go as it is.
 */
export type RemarkKind = "left_out" | "shortened" | "new_value" | "line_breaks";

export type RemoveField = { 
/**
 * Its name.
 */
name: string, 
/**
 * Also where contacts have values in it.
 */
with_values: boolean, };

export type RemoveLinks = { 
/**
 * The contact's guid.
 */
contact: string, 
/**
 * Only those to this connection's org.
 */
connection?: string, 
/**
 * Only those to this object.
 */
object?: string, };

/**
 * A saved search to be renamed or removed.
 */
export type RemoveSearch = { 
/**
 * Its id.
 */
id: SearchId, };

/**
 * What removing a connection came to.
 */
export type Removed = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the sign-in was revoked in the org.
 */
revoked: boolean, };

export type RenameField = { 
/**
 * The name it has.
 */
name: string, 
/**
 * The new one.
 */
to: string, };

export type RenamePurpose = { 
/**
 * The names from the purpose down.
 */
path: string, 
/**
 * The last name that it gets.
 */
name: string, };

export type RenameSearch = { 
/**
 * The search.
 */
id: SearchId, 
/**
 * Its new name.
 */
name: string, };

export type RenameType = { 
/**
 * The name that it has.
 */
name: string, 
/**
 * The one that it gets.
 */
to: string, };

/**
 * What is to be changed about a replication; `None` leaves it. An empty text or list takes away what is optional.
 */
export type ReplicationChange = { 
/**
 * Another name.
 */
name?: string, 
/**
 * The connection's name; an empty one takes it away.
 */
connection?: string, 
/**
 * Off keeps the queue and sends nothing.
 */
enabled?: boolean, 
/**
 * The score's name; an empty one means all contacts.
 */
score?: string, 
/**
 * Points that mark a contact.
 */
minimum?: number, 
/**
 * In at least one of these segments; an empty list means everybody.
 */
segments_any?: Array<string>, 
/**
 * In each of these segments.
 */
segments_all?: Array<string>, 
/**
 * In none of these segments.
 */
segments_none?: Array<string>, about?: string, identifier?: string, match_email?: boolean, create_missing?: boolean, keep_updated?: boolean, batch_size?: number, in_flight?: number, api?: Api, deleted?: WhenDeleted, converted?: WhenConverted, assignment_rules?: boolean, allow_duplicates?: boolean, hold_duplicates?: number, empty_values?: EmptyValues, old_values?: boolean, deleted_here?: string, default_company?: string, default_last_name?: string, description?: string, api_reserve?: number, required_purposes?: Array<string>, opted_out?: OptedOut, most_segments?: number, mapping_id_prefix?: string, mapping_id_suffix?: string, schedule?: string, alerts?: Array<AlertKind>, late_after?: number, api_low_at?: number, brake_times?: number, brake_contacts?: number, brake_refused?: number, brake_rows?: number, };

/**
 * A replication.
 */
export type ReplicationId = number;

/**
 * A replication with its settings.
 */
export type ReplicationInfo = { 
/**
 * Name.
 */
name: string, 
/**
 * Target object.
 */
object: string, 
/**
 * The connection's name.
 */
connection: string | null, 
/**
 * Off keeps the queue and sends nothing.
 */
enabled: boolean, 
/**
 * The score's name; none means all contacts.
 */
score: string | null, 
/**
 * Points that mark a contact.
 */
minimum: number | null, 
/**
 * The other settings.
 */
settings: Settings, 
/**
 * Version of the settings, from 1.
 */
settings_version: number, 
/**
 * How it stands.
 */
standing: Standing, };

/**
 * How a replication stands, in a word.
 */
export type ReplicationState = "running" | "ready" | "needs_set_up" | "paused" | "error";

/**
 * What to choose for which conflicts.
 */
export type ResolveConflicts = { 
/**
 * Whose value counts.
 */
winner: ConflictSide, 
/**
 * These; none for all that the other conditions mean.
 */
conflicts?: Array<ConflictCursor>, 
/**
 * Which of them; all without a condition.
 */
which?: AskConflicts, };

/**
 * What restoring a workspace came to.
 */
export type RestoredWorkspace = { 
/**
 * The workspace.
 */
path: string, 
/**
 * The backup that it is a copy of now.
 */
backup: string, 
/**
 * What the file that was there before is called now; `None` when there was none.
 */
replaced: string | null, };

/**
 * Which blocked or given-up contacts are tried again.
 */
export type Retry = { 
/**
 * Of this replication; of all where unset.
 */
replication?: string, 
/**
 * Only these contacts; all of them where there is none.
 */
contacts?: Array<string>, 
/**
 * Only those with this code.
 */
code?: string, 
/**
 * Create records even if others have the same e-mail.
 */
create_anyway?: boolean, };

/**
 * An org that a workspace could talk to.
 */
export type ReviewedConnection = { 
/**
 * Its name.
 */
name: string, 
/**
 * How it signs in.
 */
flow: Flow, 
/**
 * Where it signs in, exactly; `None` for the practice org.
 */
host: string | null, 
/**
 * The org's name as the workspace has it; anybody may have written it there.
 */
org_name: string | null, 
/**
 * The org that it is bound to.
 */
org_id: string | null, 
/**
 * The user who signed in last.
 */
username: string | null, };

/**
 * A replication that a workspace could run.
 */
export type ReviewedReplication = { 
/**
 * Its name.
 */
name: string, 
/**
 * The object that it writes.
 */
object: string, 
/**
 * The connection that it sends through.
 */
connection: string | null, 
/**
 * When it runs by itself, in words; `None` where it is off or runs by hand only.
 */
schedule: string | null, 
/**
 * Contacts that it selects: as many as a run sends that begins with none of them sent.
 */
selected: number, 
/**
 * Contacts that wait in its queue.
 */
waiting: number, };

/**
 * What revoking came to.
 */
export type Revoked = { 
/**
 * The connection as it is now.
 */
connection: Connection, 
/**
 * Whether the org ended a sign-in; false where none was left.
 */
revoked: boolean, 
/**
 * Whether the connection signs in again by itself, as one with a key, a password or its app's own user does.
 */
signs_in_again: boolean, };

/**
 * How a target field stands.
 */
export type RowState = "mapped" | "set_by_us" | "likely" | "cut" | "unverified" | "not_mapped" | "required_unmapped" | "gone" | "not_writable" | "needs_value_map" | "no_value" | "refused" | "left_out" | "faulty";

/**
 * A row some of whose values do not go as they are, for the gravest and then most frequent reason.
 */
export type RowTrouble = { 
/**
 * The target, as the mapping's text names it.
 */
target: string, 
/**
 * What becomes of the values.
 */
kind: TroubleKind, 
/**
 * What kind of fault it is, such as `not_in_picklist`.
 */
code: string, 
/**
 * How many contacts.
 */
contacts: number, 
/**
 * How many, and why, with one of the values.
 */
message: string, 
/**
 * What to do.
 */
cure: string, };

/**
 * How the values of contacts fit a mapping.
 */
export type RowTroubles = { 
/**
 * How many contacts were looked at.
 */
looked_at: number, 
/**
 * The replication selects more contacts than these.
 */
more: boolean, 
/**
 * The rows some of whose values do not go as they are, in the mapping's order.
 */
rows: Array<RowTrouble>, };

/**
 * A rule: contacts who meet the condition get the points.
 */
export type Rule = { 
/**
 * Its name, for explaining points.
 */
name: string, 
/**
 * Points, negative ones included.
 */
points: number, 
/**
 * Who gets them.
 */
when: RuleTree, 
/**
 * The points are given for each matching activity; only where the condition is one on activities.
 */
each?: boolean, 
/**
 * The most points, or for negative ones the least, that matching activities add up to.
 */
maximum?: number, 
/**
 * How long the points last after the latest matching activity, such as `30 days`.
 */
valid_for?: string, 
/**
 * The last date of the points.
 */
valid_until?: string, };

/**
 * What a rule gives a contact.
 */
export type RuleExplained = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it says.
 */
says: string, 
/**
 * The points that it gives her now.
 */
points: number, 
/**
 * Since when, UTC milliseconds; `None` where it gives none, or none were calculated yet.
 */
since: number | null, 
/**
 * When that changes by itself, UTC milliseconds.
 */
changes_at: number | null, };

/**
 * Who is meant: groups of rules within groups.
 */
export type RuleTree = { 
/**
 * The parts.
 */
all: Array<RuleTree>, } | { 
/**
 * The parts.
 */
any: Array<RuleTree>, } | { 
/**
 * The parts.
 */
none: Array<RuleTree>, } | Condition | PointsRule | ActivityRule | SegmentRule | ListRule | LinkRule | ConsentRule | OpportunityRule | CampaignRule;

/**
 * What a rule comes to: how many meet it, or why it makes no sense.
 */
export type RuleTried = { 
/**
 * Contacts that meet it.
 */
contacts: number | null, 
/**
 * What is wrong with it, and what to do.
 */
refused: string | null, };

/**
 * A run with the contacts that it was about.
 */
export type RunCard = { 
/**
 * Refusals by cause, the most frequent first.
 */
refusals: Array<Refusal>, 
/**
 * Contacts newly blocked before anything was sent for them, by cause.
 */
blocks: Array<Refusal>, 
/**
 * Bulk jobs that its contacts went with, the oldest first.
 */
jobs: Array<RunJob>, 
/**
 * The first rows that were sent.
 */
rows: Array<RunRow>, 
/**
 * The replication.
 */
replication_name: string, 
/**
 * The connection that it used; `None` where that is removed.
 */
connection_name: string | null, 
/**
 * What became of its contacts.
 */
figures: RunFigures, 
/**
 * Contacts that wait to be sent now, as the queue counts them; `None` where a later run has gone on with them.
 */
waiting: number | null, 
/**
 * Id.
 */
id: RunId, 
/**
 * The replication.
 */
replication: ReplicationId, 
/**
 * The connection used.
 */
connection: ConnectionId, 
/**
 * The org.
 */
org_id: string, 
/**
 * State.
 */
state: RunState, 
/**
 * The versions that it worked with.
 */
versions: Versions, 
/**
 * The counts of the plan that it carried out.
 */
planned: JsonValue, 
/**
 * Rows sent, those tried again included.
 */
sent: number, 
/**
 * Records created.
 */
created: number, 
/**
 * Records updated.
 */
updated: number, 
/**
 * Selected contacts for which nothing differed.
 */
unchanged: number, 
/**
 * Rows refused for good, by the org's code.
 */
failed: { [key in string]: number }, 
/**
 * Contacts newly blocked before anything was sent for them, by code.
 */
blocked: { [key in string]: number }, 
/**
 * Contacts that were waiting and are no longer selected.
 */
withdrawn: number, 
/**
 * HTTP requests made.
 */
calls: number, 
/**
 * Calls left of the 24-hour allowance, when last seen.
 */
calls_left: number | null, 
/**
 * Bytes sent.
 */
bytes_sent: number, 
/**
 * Why it stopped.
 */
reason: string | null, 
/**
 * What kind of thing stopped it, such as `sign_in`.
 */
stop_kind: string | null, 
/**
 * What to do about that.
 */
cure: string | null, 
/**
 * The run that it undoes; `None` for one that sends.
 */
undoes: RunId | null, 
/**
 * Records that it has deleted.
 */
deleted: number, 
/**
 * Records whose values it has restored.
 */
restored: number, 
/**
 * When it began, UTC milliseconds.
 */
started_at: number, 
/**
 * When it ended.
 */
ended_at: number | null, };

/**
 * What Salesforce holds of what a run has sent.
 */
export type RunCheck = { 
/**
 * Records that hold everything as it was sent.
 */
same: number, 
/**
 * Records that differ, or aren't there.
 */
differing: number, 
/**
 * The records, in the order in which they were sent.
 */
records: Array<CheckedRecord>, };

/**
 * A contact of a run.
 */
export type RunContact = { 
/**
 * The record.
 */
record_id: string | null, 
/**
 * What was sent; empty when history was thinned.
 */
fields: Array<SentField>, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A page of a run's contacts.
 */
export type RunContactsPage = { 
/**
 * The contacts, in the order in which they were sent.
 */
contacts: Array<RunContact>, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: string | null, };

/**
 * Which contacts of a run are asked for.
 */
export type RunContactsQuery = { 
/**
 * The run.
 */
run: number, 
/**
 * What it did with them.
 */
part: RunPart, 
/**
 * `next` of the page before.
 */
after?: string, 
/**
 * Length of the page, 500 at most.
 */
limit: number, };

/**
 * What became of the contacts of a run.
 */
export type RunFigures = { 
/**
 * Records created.
 */
created: number, 
/**
 * Records updated.
 */
updated: number, 
/**
 * Contacts for which nothing differed.
 */
unchanged: number, 
/**
 * Contacts that the run newly blocked: before anything was sent, or because the org refused them.
 */
blocked: number, };

/**
 * A run.
 */
export type RunId = number;

/**
 * A run with the name of its replication.
 */
export type RunInfo = { 
/**
 * The replication.
 */
replication_name: string, 
/**
 * The connection that it used; `None` where that is removed.
 */
connection_name: string | null, 
/**
 * What became of its contacts.
 */
figures: RunFigures, 
/**
 * Contacts that wait to be sent now, as the queue counts them; `None` where a later run has gone on with them.
 */
waiting: number | null, 
/**
 * Id.
 */
id: RunId, 
/**
 * The replication.
 */
replication: ReplicationId, 
/**
 * The connection used.
 */
connection: ConnectionId, 
/**
 * The org.
 */
org_id: string, 
/**
 * State.
 */
state: RunState, 
/**
 * The versions that it worked with.
 */
versions: Versions, 
/**
 * The counts of the plan that it carried out.
 */
planned: JsonValue, 
/**
 * Rows sent, those tried again included.
 */
sent: number, 
/**
 * Records created.
 */
created: number, 
/**
 * Records updated.
 */
updated: number, 
/**
 * Selected contacts for which nothing differed.
 */
unchanged: number, 
/**
 * Rows refused for good, by the org's code.
 */
failed: { [key in string]: number }, 
/**
 * Contacts newly blocked before anything was sent for them, by code.
 */
blocked: { [key in string]: number }, 
/**
 * Contacts that were waiting and are no longer selected.
 */
withdrawn: number, 
/**
 * HTTP requests made.
 */
calls: number, 
/**
 * Calls left of the 24-hour allowance, when last seen.
 */
calls_left: number | null, 
/**
 * Bytes sent.
 */
bytes_sent: number, 
/**
 * Why it stopped.
 */
reason: string | null, 
/**
 * What kind of thing stopped it, such as `sign_in`.
 */
stop_kind: string | null, 
/**
 * What to do about that.
 */
cure: string | null, 
/**
 * The run that it undoes; `None` for one that sends.
 */
undoes: RunId | null, 
/**
 * Records that it has deleted.
 */
deleted: number, 
/**
 * Records whose values it has restored.
 */
restored: number, 
/**
 * When it began, UTC milliseconds.
 */
started_at: number, 
/**
 * When it ended.
 */
ended_at: number | null, };

/**
 * A bulk job of a run.
 */
export type RunJob = { 
/**
 * Its id in the org; none before it was created.
 */
job_id: string | null, 
/**
 * How far it is.
 */
state: BulkJobState, 
/**
 * Its rows.
 */
rows: number, 
/**
 * Rows that Salesforce had processed when it was asked last.
 */
processed: number, 
/**
 * Rows that it had refused.
 */
failed: number, 
/**
 * What Salesforce says about why it failed.
 */
message: string | null, };

/**
 * What a run did.
 */
export type RunOutcome = { 
/**
 * The replication.
 */
replication: string, 
/**
 * Records created.
 */
created: number, 
/**
 * Records updated.
 */
updated: number, 
/**
 * Selected contacts for which nothing differed.
 */
unchanged: number, 
/**
 * Contacts that the org refused in this run, and that aren't tried again by themselves.
 */
failed: number, 
/**
 * Contacts newly blocked in this run before anything was sent for them.
 */
blocked: number, 
/**
 * Contacts that need a person when the run ends, those of earlier runs included.
 */
standing: number, 
/**
 * Contacts that still wait in the queue.
 */
waiting: number, 
/**
 * Contacts that were waiting and are no longer selected.
 */
withdrawn: number, 
/**
 * Contacts that are not selected, or that the org's answer rules out, as in a plan; unset where the run ended before
 * it had considered all.
 */
left_out: number | null, 
/**
 * HTTP requests made.
 */
calls: number, 
/**
 * The run, for its history.
 */
run: RunId | null, 
/**
 * Values that were left out because Salesforce refused them alone.
 */
values_left_out: Array<ValueLeftOut>, 
/**
 * Why it stopped before everything due was sent.
 */
stopped: Stop | null, };

export type RunPage = { 
/**
 * Of this replication; of all without.
 */
replication?: string, 
/**
 * How many at most.
 */
limit: number, };

/**
 * What a run did with contacts.
 */
export type RunPart = "created" | "updated" | "unchanged";

export type RunReplication = { 
/**
 * The replication.
 */
name: string, 
/**
 * The connection's name as the user typed it; the first run to a production org needs it.
 */
confirm?: string, 
/**
 * Sends as many contacts as the API calls suffice for, instead of none where they don't suffice for all.
 */
as_far_as_possible?: boolean, 
/**
 * Sends no more than so many contacts, and stops.
 */
first?: number, };

/**
 * A row that was sent.
 */
export type RunRow = { 
/**
 * The contact, as it was then.
 */
contact: Guid, 
/**
 * Its name today, else its email, else its company.
 */
name: string, 
/**
 * The record.
 */
record_id: string | null, 
/**
 * How the record was found.
 */
found: string, 
/**
 * What became of it; `None` while there is no answer.
 */
outcome: string | null, 
/**
 * What was sent; `null` when history was thinned.
 */
sent: JsonValue, 
/**
 * What the record held before; `null` where it was not read.
 */
before: JsonValue, 
/**
 * What the org answered.
 */
errors: JsonValue, };

/**
 * A search to be run.
 */
export type RunSearch = { 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * What is looked for.
 */
search: OrgSearch, 
/**
 * Records on a page, 200 to 2,000; the org takes it as a wish.
 */
page?: number, };

/**
 * The state of a run.
 */
export type RunState = "running" | "finished" | "stopped" | "cancelled" | "interrupted";

/**
 * What was said as it was said.
 */
export type Said = { 
/**
 * The code: the org's, the sign-in server's, or ours in lower case.
 */
code: string, 
/**
 * The words; empty where there were none.
 */
words: string, };

/**
 * A page of Salesforce.
 */
export type SalesforcePage = "sign_up" | "setup";

export type SalvageWorkspace = { 
/**
 * The damaged workspace.
 */
damaged?: string, 
/**
 * The new one.
 */
into?: string, };

/**
 * What came of one kind of record.
 */
export type SalvagedPart = { 
/**
 * What the records are called.
 */
what: string, 
/**
 * How many the new workspace has.
 */
kept: number, 
/**
 * How many are known to be lost.
 */
lost: number, 
/**
 * Whether more may be lost: nothing tells how many there were.
 */
may_lack_more: boolean, };

/**
 * What came of a damaged workspace.
 */
export type SalvagedWorkspace = { 
/**
 * The damaged workspace; it stays as it is.
 */
damaged: string, 
/**
 * The new one.
 */
path: string, 
/**
 * What came over and what didn't, table by table.
 */
parts: Array<SalvagedPart>, 
/**
 * Why the consent ledger isn't whole any more; `None` where it is.
 */
ledger: string | null, 
/**
 * The backup that told where the tables begin; `None` where the damaged file still does.
 */
found_by: string | null, };

/**
 * A field that is the same on both sides.
 */
export type Same = { 
/**
 * API name.
 */
field: string, 
/**
 * What people read.
 */
label: string, 
/**
 * The value.
 */
value: JsonValue, };

/**
 * The contact whose values are shown.
 */
export type SampleContact = { 
/**
 * Its lasting name.
 */
guid: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, };

export type SaveFaulty = { 
/**
 * Which import.
 */
import: ImportId, 
/**
 * Where the file goes.
 */
place: string, };

/**
 * A sheet for the administrator that is to be saved.
 */
export type SaveGuide = { 
/**
 * What it is for.
 */
guide: GuideRequest, 
/**
 * The file.
 */
place: string, };

/**
 * A search to be saved.
 */
export type SaveSearch = { 
/**
 * The saved one that it takes the place of; a new one without.
 */
id?: SearchId, 
/**
 * Name, unique in the workspace.
 */
name: string, 
/**
 * The connection it belongs to, where it does.
 */
connection?: string, 
/**
 * What is looked for.
 */
search: OrgSearch, };

/**
 * A saved search.
 */
export type SavedSearch = { 
/**
 * Id.
 */
id: SearchId, 
/**
 * Name.
 */
name: string, 
/**
 * The connection it belongs to; none for one that is asked wherever the user is.
 */
connection: string | null, 
/**
 * What is looked for.
 */
search: OrgSearch, 
/**
 * When it was saved last, UTC milliseconds.
 */
changed_at: number, };

/**
 * A field of a mirrored object.
 */
export type SchemaField = { 
/**
 * API name.
 */
name: string, 
/**
 * Label.
 */
label: string, 
/**
 * What it holds.
 */
kind: MirrorKind, 
/**
 * The org's own word for its type.
 */
type: string, 
/**
 * It is the second identity of a person.
 */
second_identity: boolean, };

/**
 * Which schema to show or to make.
 */
export type SchemaRequest = { 
/**
 * The pull.
 */
pull: string, 
/**
 * Makes what is shown. Without it nothing is changed.
 */
apply?: boolean, 
/**
 * Only these objects; all without.
 */
objects?: Array<string>, };

/**
 * One step.
 */
export type SchemaStep = { 
/**
 * What has to be done.
 */
kind: SchemaStepKind, 
/**
 * The field; none for the table.
 */
field: string | null, 
/**
 * What the field holds, in the org's own word; how many fields, for a table.
 */
detail: string, };

/**
 * What has to be done to a mirror.
 */
export type SchemaStepKind = "new_table" | "new_field" | "field_gone" | "field_back" | "field_changed";

/**
 * A right that the sign-in asks for.
 */
export type Scope = { 
/**
 * Its name, such as `api`.
 */
name: string, 
/**
 * As Salesforce shows it.
 */
label: string, 
/**
 * Whether it was granted; `None` where that is not known.
 */
granted: boolean | null, };

/**
 * Which scopes an app gets.
 */
export type ScopePreset = "needed" | "full";

/**
 * A score with its rules, and what they come to.
 */
export type ScoreCard = { 
/**
 * Its rules; a contact's points are the sum over those that it meets.
 */
rule_list: Array<Rule>, 
/**
 * How its points are spread.
 */
spread: PointSpread, 
/**
 * The replications that it decides, by name.
 */
users: Array<ScoreUser>, 
/**
 * Contacts that were changed since it was calculated.
 */
stale: number, 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Off keeps the points as they are.
 */
enabled: boolean, 
/**
 * Who reaches these points raises an alert.
 */
notify_at: number | null, 
/**
 * How many rules it has.
 */
rules: number, 
/**
 * Why its rules can't be read, where they can't: they can be replaced, or the score removed.
 */
unread: string | null, 
/**
 * Why its rules can be read, but not calculated any more, in a sentence: its points stay as they are.
 */
unfit: string | null, 
/**
 * When it was calculated last.
 */
calculated_at: string | null, };

/**
 * What is to be changed of a score; what is not named stays.
 */
export type ScoreChange = { 
/**
 * Name.
 */
name?: string, 
/**
 * What it is for.
 */
description?: string, 
/**
 * Off keeps the points as they are.
 */
enabled?: boolean, 
/**
 * All its rules.
 */
rules?: Array<Rule>, 
/**
 * Whether someone who reaches so many points raises an alert.
 */
notify_at?: NotifyAt, };

/**
 * A score, without its rules.
 */
export type ScoreInfo = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Off keeps the points as they are.
 */
enabled: boolean, 
/**
 * Who reaches these points raises an alert.
 */
notify_at: number | null, 
/**
 * How many rules it has.
 */
rules: number, 
/**
 * Why its rules can't be read, where they can't: they can be replaced, or the score removed.
 */
unread: string | null, 
/**
 * Why its rules can be read, but not calculated any more, in a sentence: its points stay as they are.
 */
unfit: string | null, 
/**
 * When it was calculated last.
 */
calculated_at: string | null, };

/**
 * A replication that a score decides.
 */
export type ScoreUser = { 
/**
 * The replication.
 */
replication: string, 
/**
 * The points that mark a contact.
 */
minimum: number, 
/**
 * Contacts that are marked.
 */
marked: number, };

export type SealedSecrets = { 
/**
 * Where it is, or would be.
 */
file: string, 
/**
 * Whether there is one: its passphrase is entered; otherwise one is chosen.
 */
exists: boolean, };

/**
 * A value as it is shown: picklist entries by their label, moments in the form of RFC 3339.
 */
export type SearchCell = null | boolean | number | string;

/**
 * A value that a picklist offers.
 */
export type SearchChoice = { 
/**
 * The value.
 */
value: string, 
/**
 * As the org shows it.
 */
label: string, };

/**
 * A column of what was found.
 */
export type SearchColumn = { 
/**
 * API name or path.
 */
name: string, 
/**
 * As the org shows it.
 */
label: string, 
/**
 * What it holds.
 */
form: FieldForm, 
/**
 * Whether records can be ordered by it.
 */
sortable: boolean, };

/**
 * A field that can be searched by, or shown.
 */
export type SearchField = { 
/**
 * API name, or the path to a parent's name such as `Owner.Name`.
 */
name: string, 
/**
 * As the org shows it.
 */
label: string, 
/**
 * What it holds.
 */
form: FieldForm, 
/**
 * What can be asked of it; nothing where it cannot be filtered by.
 */
operators: Array<SearchOperator>, 
/**
 * Whether records can be ordered by it.
 */
sortable: boolean, 
/**
 * What a picklist offers.
 */
choices: Array<SearchChoice>, 
/**
 * It was made in the org.
 */
custom: boolean, };

/**
 * The fields of an object.
 */
export type SearchFields = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The object.
 */
object: OrgObject, 
/**
 * One record of it, as the org calls it.
 */
label: string, 
/**
 * Several.
 */
label_plural: string, 
/**
 * The fields, by label.
 */
fields: Array<SearchField>, 
/**
 * What a list shows until the user chooses.
 */
columns: Array<string>, 
/**
 * When the org last confirmed them, UTC milliseconds.
 */
read_at: number, 
/**
 * Why they are not the newest, where the org was asked and did not answer.
 */
not_refreshed: HostError | null, 
/**
 * API calls that this took.
 */
calls: number, };

/**
 * A saved search.
 */
export type SearchId = number;

/**
 * What can be asked of a field.
 */
export type SearchOperator = "is" | "is_not" | "contains" | "contains_not" | "begins_with" | "ends_with" | "is_one_of" | "is_none_of" | "less" | "at_most" | "greater" | "at_least" | "between" | "on" | "before" | "after" | "in_the_last_days" | "more_than_days_ago" | "in_the_next_days" | "today" | "this_week" | "this_month" | "this_quarter" | "this_year" | "is_empty" | "is_set";

/**
 * In which order records are shown.
 */
export type SearchSort = { 
/**
 * API name, as [`super::SearchField::name`].
 */
field: string, 
/**
 * The greatest first.
 */
descending: boolean, };

/**
 * Where words are looked for.
 */
export type SearchWithin = "all" | "name" | "email" | "phone";

/**
 * What is kept where.
 */
export type SecurityFacts = { 
/**
 * Where the secrets of a new connection would go.
 */
vault: Vault, 
/**
 * Whether the system's keychain may be used: otherwise what is in it can't be read.
 */
keychain: boolean, 
/**
 * The sealed file of secrets.
 */
sealed_file: string, 
/**
 * Whether there is one.
 */
sealed_file_exists: boolean, 
/**
 * The workspace; secrets are never in it.
 */
workspace: string, 
/**
 * Locks, the list of work under way, and the sealed file.
 */
data_folder: string, 
/**
 * What is kept for each connection.
 */
connections: Array<KeptSecrets>, };

export type Seen = { 
/**
 * The latest alert that was shown.
 */
until: AlertId, };

/**
 * The IP address that an org saw a sign-in come from.
 */
export type SeenAddress = { 
/**
 * The address.
 */
ip: string, 
/**
 * When it signed in, UTC milliseconds.
 */
at: number, };

/**
 * A segment with its rules and its growth.
 */
export type SegmentCard = { 
/**
 * Its rules; `None` where the members are fixed, or the rules can't be read.
 */
tree: RuleTree | null, 
/**
 * What each day did to it, the earliest first.
 */
growth: Array<SegmentGrowth>, 
/**
 * What asks for it: replications, scores and other segments, in words.
 */
users: Array<string>, 
/**
 * Fields and values in its rules that Salesforce doesn't have, in sentences.
 */
notes: Array<string>, 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Its rules as one sentence; `None` where the members are fixed, or the rules can't be read.
 */
says: string | null, 
/**
 * Why its rules can't be read, where they can't: they can be replaced, or the segment removed.
 */
unread: string | null, 
/**
 * Why its rules can be read, but not calculated any more, in a sentence: its members stay as they are.
 */
unfit: string | null, 
/**
 * Members, as last calculated.
 */
members: number, 
/**
 * When membership was calculated last.
 */
calculated_at: string | null, };

/**
 * What is to be changed of a segment; what is not named stays.
 */
export type SegmentChange = { 
/**
 * Name.
 */
name?: string, 
/**
 * What it is for.
 */
description?: string, 
/**
 * Its rules.
 */
tree?: RuleTree, };

/**
 * Which segments decide who goes, by name.
 */
export type SegmentChoice = { 
/**
 * In at least one of these; everybody where there is none.
 */
any: Array<string>, 
/**
 * In each of these.
 */
all: Array<string>, 
/**
 * In none of these.
 */
none: Array<string>, };

/**
 * How two segments become a new one.
 */
export type SegmentCombination = "union" | "difference" | "intersection";

/**
 * What a day did to a segment.
 */
export type SegmentGrowth = { 
/**
 * Its beginning, UTC milliseconds.
 */
day: number, 
/**
 * How many joined.
 */
joined: number, 
/**
 * How many left.
 */
left: number, 
/**
 * How many were in it at its end.
 */
members: number, };

/**
 * A segment, as lists show it.
 */
export type SegmentInfo = { 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Its rules as one sentence; `None` where the members are fixed, or the rules can't be read.
 */
says: string | null, 
/**
 * Why its rules can't be read, where they can't: they can be replaced, or the segment removed.
 */
unread: string | null, 
/**
 * Why its rules can be read, but not calculated any more, in a sentence: its members stay as they are.
 */
unfit: string | null, 
/**
 * Members, as last calculated.
 */
members: number, 
/**
 * When membership was calculated last.
 */
calculated_at: string | null, };

/**
 * Somebody, in a line.
 */
export type SegmentMember = { 
/**
 * Its guid.
 */
guid: Guid, 
/**
 * Its row, for the next page.
 */
id: ContactId, 
/**
 * Its name, as lists show it.
 */
name: string, 
/**
 * E-mail.
 */
email: string | null, 
/**
 * Company.
 */
company: string | null, 
/**
 * Since when it is a member, UTC milliseconds; `None` in a sample.
 */
since: number | null, };

/**
 * A page of members.
 */
export type SegmentMembers = { 
/**
 * The members, in the order in which they came into the workspace.
 */
members: Array<SegmentMember>, 
/**
 * Ask with this for the next page; `None` on the last one.
 */
next: ContactId | null, };

/**
 * What new rules would do to a segment.
 */
export type SegmentMoves = { 
/**
 * How many meet the new rules and not the saved ones.
 */
joining: number, 
/**
 * How many meet the saved rules and not the new ones.
 */
leaving: number, };

/**
 * A segment's way from here to the org.
 */
export type SegmentPassage = { 
/**
 * The segment.
 */
segment: string, 
/**
 * The field that says `realized`.
 */
mapping_id: string, 
/**
 * How many.
 */
counts: Passage, };

/**
 * Membership of another segment.
 */
export type SegmentRule = { 
/**
 * The segment's name.
 */
segment: string, 
/**
 * Where she stands towards it.
 */
is: Place, };

/**
 * Where somebody stands who is or was a member.
 */
export type SegmentStatus = "realized" | "exited";

/**
 * Why somebody is in a segment, or is not.
 */
export type SegmentWhy = { 
/**
 * The contact's name.
 */
contact: string, 
/**
 * Where it stands, as last calculated; `None` where it never was a member.
 */
status: SegmentStatus | null, 
/**
 * Since when, UTC milliseconds.
 */
since: number | null, 
/**
 * Rule by rule, as it stands now; `None` where the members are fixed.
 */
rules: Explained | null, };

/**
 * Whom a choice would select.
 */
export type Selected = { 
/**
 * Contacts selected.
 */
selected: number, 
/**
 * Contacts in the workspace.
 */
contacts: number, 
/**
 * Of these, those of which nothing may be sent.
 */
not_sent: number, };

/**
 * A choice that is not saved yet; what is unset decides nothing.
 */
export type SelectionChoice = { 
/**
 * The score's name.
 */
score?: string, 
/**
 * Points that a contact needs in it.
 */
minimum?: number, 
/**
 * In at least one of these segments.
 */
any?: Array<string>, 
/**
 * In each of these segments.
 */
all?: Array<string>, 
/**
 * In none of these segments.
 */
none?: Array<string>, 
/**
 * Have given consent to each of these purposes.
 */
consented?: Array<string>, };

/**
 * What one contact would send for one target.
 */
export type Sends = { "kind": "unknown" } | { "kind": "value", 
/**
 * What is sent.
 */
kept: string, 
/**
 * What is cut off its end.
 */
cut: string | null, 
/**
 * How it is written down.
 */
form: SentForm, } | { "kind": "nothing", 
/**
 * It needs one.
 */
blocks: boolean, } | { "kind": "refused", 
/**
 * What kind of fault it is, such as `not_in_picklist`.
 */
code: string, 
/**
 * The value.
 */
value: string, 
/**
 * What is wrong with it.
 */
why: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * The contact is blocked; else the rest goes without this value.
 */
blocks: boolean, };

/**
 * How many contacts go again.
 */
export type SentAgain = { 
/**
 * Contacts.
 */
contacts: number, };

/**
 * A value that was sent.
 */
export type SentField = { 
/**
 * API name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What was sent.
 */
sent: JsonValue, 
/**
 * What the record held before; missing where it was not read.
 */
before?: JsonValue, };

/**
 * How a value is written down.
 */
export type SentForm = "text" | "number" | "yes_no";

/**
 * A value that was sent.
 */
export type SentValue = { 
/**
 * The field in Salesforce.
 */
field: string, 
/**
 * What Salesforce calls it, where known; else the field.
 */
label: string, 
/**
 * The value.
 */
value: JsonValue, };

export type SetConsentSync = { 
/**
 * The consent sync.
 */
name: string, 
/**
 * What is to be changed.
 */
settings: ConsentSyncChange, };

export type SetFields = { 
/**
 * Its guid.
 */
contact: string, 
/**
 * Values by field name, as people write them.
 */
fields: { [key in string]: string }, 
/**
 * How numbers and dates are written.
 */
written?: Written, };

/**
 * A change of the inbound mapping of one object.
 */
export type SetInbound = { 
/**
 * The pull.
 */
pull: string, 
/**
 * Lead or Contact; not needed where the pull reads only one of them.
 */
object?: string, 
/**
 * All rows as text, `Phone=business_phone ; newest`, one a line; without it they stay.
 */
text?: string, 
/**
 * Goes back to the usual rows.
 */
usual?: boolean, 
/**
 * Makes contacts of records that are nobody here, or stops that; without it, it stays as it is.
 */
bring_in?: boolean, 
/**
 * Which records are brought in; without it, all of them. Only with `bring_in`.
 */
newcomers?: PullFilter, };

/**
 * A link to be made by hand.
 */
export type SetLink = { 
/**
 * The contact, by guid or e-mail.
 */
contact: string, 
/**
 * The record's id.
 */
record_id: string, 
/**
 * The connection's name; not needed where there is only one.
 */
connection?: string, 
/**
 * Whether an identifier that the record holds for someone else is replaced.
 */
overwrite_identifier: boolean, };

export type SetMembers = { 
/**
 * The segment.
 */
segment: string, 
/**
 * Guids or e-mails.
 */
contacts: Array<string>, 
/**
 * What they become.
 */
status: SegmentStatus, };

/**
 * Two replications that are to share their people.
 */
export type SetPartner = { 
/**
 * One replication.
 */
name: string, 
/**
 * The other one, for the other object on the same connection.
 */
partner: string, 
/**
 * New people in this segment become contacts; without one, all new people become leads.
 */
contacts_segment?: string, };

/**
 * Changes to a pull; what is left out stays.
 */
export type SetPull = { 
/**
 * The pull.
 */
name: string, 
/**
 * Another name.
 */
rename?: string, 
/**
 * Objects to add, or to read in another way.
 */
objects?: Array<WantedObject>, 
/**
 * Objects to read no more; their records stay in the mirror.
 */
without?: Array<string>, 
/**
 * Its schedule and what else can be set.
 */
settings?: PullChange, };

export type SetReplication = { 
/**
 * The replication.
 */
name: string, 
/**
 * What is to be changed.
 */
settings: ReplicationChange, };

export type SetScore = { 
/**
 * The score, by the name it has.
 */
score: string, 
/**
 * What is changed.
 */
change: ScoreChange, };

export type SetSegment = { 
/**
 * The segment, by the name it has.
 */
segment: string, 
/**
 * What is changed.
 */
change: SegmentChange, };

/**
 * Where the user is in setting up a replication.
 */
export type SetUpAt = { 
/**
 * The replication.
 */
name: string, 
/**
 * The part that is open.
 */
part: SetUpPart, };

/**
 * A part of setting up a replication, in the order in which they follow.
 */
export type SetUpPart = "connection" | "details" | "who" | "segments" | "mapping" | "schedule" | "plan";

/**
 * A step of the guided set-up.
 */
export type SetUpStep = "open" | "app" | "oauth" | "callback" | "scopes" | "flow" | "certificate" | "token" | "run_as" | "users" | "assign" | "key" | "address" | "secret" | "username" | "password";

/**
 * The settings of a replication.
 */
export type Settings = { 
/**
 * Whether this is a consent sync: its rows are consent, and people are found by their email.
 */
consent_sync: boolean, 
/**
 * What it is for, in the user's words.
 */
about: string | null, 
/**
 * API name of the org's custom field that holds our guid.
 */
identifier: string, 
/**
 * Whether people are looked for by e-mail before a record is created.
 */
match_email: boolean, 
/**
 * Whether missing records are created; off updates only.
 */
create_missing: boolean, 
/**
 * Whether a contact goes again when its values change; off sends each once.
 */
keep_updated: boolean, 
/**
 * Most records in one request, 1 to 200.
 */
batch_size: number, 
/**
 * Requests in flight at once, 1 to 10.
 */
in_flight: number, 
/**
 * Which of Salesforce's APIs sends the rows.
 */
api: Api, 
/**
 * What to do about a record that was deleted in Salesforce.
 */
deleted: WhenDeleted, 
/**
 * What to do about a lead that was converted in Salesforce.
 */
converted: WhenConverted, 
/**
 * Whether the org's assignment rules run on create; they never run on update.
 */
assignment_rules: boolean, 
/**
 * Whether duplicate rules that only warn are overridden; off respects them.
 */
allow_duplicates: boolean, 
/**
 * A new person waits while a mirrored record is this likely the same, in percent; 0 never.
 */
hold_duplicates: number, 
/**
 * What an unset field does to the record on update.
 */
empty_values: EmptyValues, 
/**
 * Whether the org's values are read and kept before they are overwritten.
 */
old_values: boolean, 
/**
 * What to set in Salesforce when a linked contact is deleted here, as a mapping row with a constant such as
 * `"Deleted in Leadferry"=Description`; unset sends nothing.
 */
deleted_here: string | null, 
/**
 * Company for contacts that have none; required where the org requires one.
 */
default_company: string | null, 
/**
 * Last name of new records for contacts that have none; only a consent sync has one.
 */
default_last_name: string | null, 
/**
 * Template of the generated description.
 */
description: string, 
/**
 * API calls of the 24-hour allowance that are left to others.
 */
api_reserve: number, 
/**
 * Which segments decide who goes.
 */
segments: SegmentChoice, 
/**
 * The replication of the other object with which people are shared: each goes through exactly one of the two.
 */
partner: Partner | null, 
/**
 * The purposes that everybody who goes must have given consent to, by path.
 */
required_purposes: Array<string>, 
/**
 * What is sent of contacts who opted out of email.
 */
opted_out: OptedOut, 
/**
 * Most segments whose status is written to the object.
 */
most_segments: number, 
/**
 * What proposed Mapping IDs begin with.
 */
mapping_id_prefix: string, 
/**
 * What proposed Mapping IDs end with.
 */
mapping_id_suffix: string, 
/**
 * When it runs by itself: `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
 */
schedule: string, 
/**
 * What someone wants to be told of; scores have their own setting.
 */
alerts: Array<AlertKind>, 
/**
 * Minutes after which what is due and has not begun is late.
 */
late_after: number, 
/**
 * So many percent of the org's allowance of calls, and less, are few.
 */
api_low_at: number, 
/**
 * A scheduled run that would send more than so many times the usual number of contacts is held back; 0 never.
 */
brake_times: number, 
/**
 * A scheduled run of so many contacts, and fewer, is never held back.
 */
brake_contacts: number, 
/**
 * A scheduled run of which the org refuses more than so many of a hundred contacts stops; 0 never.
 */
brake_refused: number, 
/**
 * So many contacts are counted together for that.
 */
brake_rows: number, };

/**
 * How bad a finding is.
 */
export type Severity = "error" | "warning" | "note";

/**
 * A sheet of a workbook.
 */
export type Sheet = { 
/**
 * Its name.
 */
name: string, 
/**
 * Spreadsheet programs don't show it.
 */
hidden: boolean, };

export type ShowGrid = { 
/**
 * The replication.
 */
name: string, 
/**
 * Rows that are proposed and not yet confirmed, as text.
 */
likely?: string, 
/**
 * The contact whose values are shown; the first without.
 */
sample?: Guid, };

export type SignIn = { 
/**
 * The connection.
 */
name: string, 
/**
 * Opens the system's browser; otherwise the address is only shown.
 */
open_browser: boolean, 
/**
 * When the app's key was pasted, UTC milliseconds: a new app is waited for until it answers.
 */
key_pasted_at?: number, };

/**
 * Why a sign-in failed.
 */
export type SignInFailure = { 
/**
 * How it was signed in.
 */
flow: Flow, 
/**
 * What kind of trouble it is.
 */
code: Code, 
/**
 * What happened.
 */
message: string, 
/**
 * Why.
 */
cause: string, 
/**
 * What to do.
 */
cure: string, 
/**
 * The step of the set-up at fault, where one is.
 */
step: SetUpStep | null, 
/**
 * The answer as Salesforce gave it: its code, and its own words.
 */
raw: RawAnswer | null, 
/**
 * When, UTC milliseconds.
 */
at: number, };

/**
 * What a sign-in came to.
 */
export type SignInOutcome = { "outcome": "signed_in", 
/**
 * The connection as it is now.
 */
connection: Connection, } | { "outcome": "refused", 
/**
 * Why, and which step mends it.
 */
failure: SignInFailure, };

/**
 * What a sign-in waits for.
 */
export type SignInPhase = "asking" | "activating" | "browser" | "finishing";

/**
 * How the sign-in to a connection stands in this process.
 */
export type SignInState = { 
/**
 * The sign-in under way.
 */
under_way: SigningIn | null, 
/**
 * Why the last one failed; `None` once another has begun.
 */
refused: SignInFailure | null, };

/**
 * How a sign-in is getting on.
 */
export type SigningIn = { 
/**
 * The connection.
 */
connection: string, 
/**
 * What is waited for.
 */
phase: SignInPhase, 
/**
 * The address to open in a browser; there from the phase *browser* on.
 */
address: string | null, 
/**
 * The callback address, exactly as the app must list it; `None` where no browser comes back.
 */
callback: string | null, 
/**
 * Whether the browser was opened.
 */
opened: boolean, 
/**
 * When the wait ends, UTC milliseconds.
 */
until: number | null, };

/**
 * A key that signs in, as far as anyone may see it.
 */
export type SigningKey = { 
/**
 * SHA-256 of its public half, in hex.
 */
id: string, 
/**
 * The certificate's common name, or the alias in the file that it came from.
 */
name: string, 
/**
 * Length of the modulus.
 */
bits: number, 
/**
 * Its certificate; the app in Salesforce has to hold it. `None` where the file held none.
 */
certificate: Certificate | null, 
/**
 * Whether the private half is on this computer.
 */
is_here: boolean, 
/**
 * The connections that sign in with it.
 */
connections: Array<string>, 
/**
 * When it was made or imported, UTC milliseconds.
 */
made_at: number, };

/**
 * A page of what a statement found.
 */
export type SoqlFound = { 
/**
 * The connection.
 */
connection: string, 
/**
 * API names and paths of the columns, in the order of the statement.
 */
columns: Array<string>, 
/**
 * The records, column by column; of records within records, their number.
 */
rows: Array<Array<SearchCell>>, 
/**
 * How many there are in all; for `COUNT()`, the count.
 */
total: number, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: string | null, 
/**
 * What it cost.
 */
spent: CallsSpent, };

/**
 * What kind of thing a source is; lists group and draw them by it.
 */
export type SourceKind = "contact" | "account" | "score" | "segment" | "consent" | "salesforce" | "special" | "constant" | "template" | "identifier";

/**
 * A source as people read it.
 */
export type SourceWords = { 
/**
 * What kind of thing it is.
 */
kind: SourceKind, 
/**
 * What people call it.
 */
label: string, 
/**
 * What tells it from its namesakes, such as `points`.
 */
detail: string | null, 
/**
 * How a mapping's text writes it; empty for the identifier.
 */
text: string, 
/**
 * The words of a constant or a template as they are edited.
 */
body: string | null, };

export type SourcesFor = { 
/**
 * The replication.
 */
name: string, 
/**
 * The target.
 */
target: string, 
/**
 * One row a line; the mapping in force without.
 */
text?: string, 
/**
 * The contact whose values are shown; the first without.
 */
sample?: Guid, };

/**
 * Where a replication stands.
 */
export type Standing = { 
/**
 * In a word.
 */
state: ReplicationState, 
/**
 * What it needs, in the order in which it is given.
 */
needs: Array<ReadyStep>, 
/**
 * Contacts that it selects.
 */
selected: number, 
/**
 * Contacts that wait to go, those on their way included.
 */
waiting: number, 
/**
 * Contacts that need a person, those given up included.
 */
blocked: number, 
/**
 * Contacts that the org holds as we want them.
 */
done: number, 
/**
 * Contacts whose records were undone, until they are released.
 */
on_hold: number, 
/**
 * What holds its scheduled runs.
 */
held: HeldRuns | null, 
/**
 * How many runs there were.
 */
runs: number, 
/**
 * The last of them.
 */
last_run: LastRun | null, 
/**
 * What kind of org it sends to; `None` without a connection.
 */
org_kind: OrgKind | null, 
/**
 * The part of its setup that was open last, until it has run.
 */
set_up_at: SetUpPart | null, };

/**
 * What a step of preparing is about.
 */
export type StepKind = "found" | "missing" | "done" | "to_do";

/**
 * Why a run stopped, and what to do.
 */
export type Stop = { 
/**
 * What kind of thing it was.
 */
kind: StopKind, 
/**
 * What happened, for people.
 */
message: string, 
/**
 * What to do about it.
 */
cure: string, };

/**
 * What kind of thing stopped a run.
 */
export type StopKind = "sign_in" | "limit" | "storage" | "rights" | "set_up" | "email_matching" | "no_network" | "local" | "cancelled" | "first" | "brake" | "job";

/**
 * What amounts come to; nothing where there is none.
 */
export type Sum = { 
/**
 * How it is compared.
 */
op: Comparison, 
/**
 * With what, in the org's own currency.
 */
value: number, };

/**
 * How sure the match of a column is.
 */
export type Sureness = "told" | "sure" | "likely" | "unmatched";

/**
 * What holds a target.
 */
export type TargetGroup = "contact" | "custom" | "account" | "consent";

/**
 * A name that templates know.
 */
export type TemplateName = { 
/**
 * What is written into a template, such as `{% Contact.city %}`.
 */
section: string, 
/**
 * What it is.
 */
source: SourceWords, 
/**
 * What the sample contact has for it; `None` where that is nothing.
 */
sample: string | null, };

/**
 * A template as it would be sent for one contact.
 */
export type TemplatePreview = { 
/**
 * The text; `None` where there is no contact yet, or the template can't be used.
 */
text: string | null, 
/**
 * The contact.
 */
contact: SampleContact | null, 
/**
 * What is wrong with the template.
 */
fault: Finding | null, };

/**
 * What testing a connection found.
 */
export type Tested = { 
/**
 * The connection as it is now.
 */
connection: Connection, 
/**
 * The objects that can be sent to.
 */
describes: Array<DescribeNews>, 
/**
 * The changed fields that something here uses.
 */
drift: Array<ChangedField>, 
/**
 * The API calls of 24 hours; `None` where the org tells nothing.
 */
budget: CallBudget | null, 
/**
 * Data storage in megabytes that is left, where the user may see it.
 */
storage_left_mb: number | null, };

/**
 * How an opportunity belongs to a contact.
 */
export type Through = "any" | "account" | "role";

/**
 * What a contact did.
 */
export type Timeline = { 
/**
 * The activities, the latest first.
 */
activities: Array<ActivityLine>, 
/**
 * How many there are in all.
 */
total: number, };

export type TimelinePage = { 
/**
 * Guid or e-mail.
 */
contact: string, 
/**
 * The time of the last one of the page before.
 */
before_at?: number, 
/**
 * Its row.
 */
before_id?: ActivityId, 
/**
 * The most that are wanted.
 */
limit: number, };

/**
 * How often something was done.
 */
export type Times = { 
/**
 * How the number is compared.
 */
op: Comparison, 
/**
 * With what.
 */
value: number, };

/**
 * What is known of somebody who was erased.
 */
export type Traces = { 
/**
 * Emails.
 */
emails: Array<string>, 
/**
 * Phone numbers, however they are written.
 */
phones: Array<string>, 
/**
 * First name; counts only together with the last name.
 */
first_name: string, 
/**
 * Last name.
 */
last_name: string, };

/**
 * Who meets rules that are not kept yet.
 */
export type TreeTried = { 
/**
 * How many; `None` where the rules make no sense.
 */
contacts: number | null, 
/**
 * A few of them.
 */
sample: Array<SegmentMember>, 
/**
 * The rules as one sentence.
 */
says: string, 
/**
 * What is wrong with them.
 */
refused: string | null, 
/**
 * Fields and values in them that Salesforce doesn't have, in sentences.
 */
notes: Array<string>, };

/**
 * What an import would do.
 */
export type Trial = { 
/**
 * The whole file was looked at; false after a stop.
 */
finished: boolean, 
/**
 * Data rows looked at; the sum of the following five.
 */
rows: number, 
/**
 * New contacts.
 */
created: number, 
/**
 * Contacts changed.
 */
updated: number, 
/**
 * Contacts that hold the same values already.
 */
unchanged: number, 
/**
 * Blank rows, and contacts left alone because the request says so.
 */
skipped: number, 
/**
 * Rows that cannot be taken in.
 */
faulty: number, 
/**
 * Rows taken in that say their contact opted out.
 */
opted_out: number, 
/**
 * The first faulty rows.
 */
faults: Array<Fault>, 
/**
 * The first things to know about rows that would be taken in.
 */
warnings: Array<Warning>, 
/**
 * How many warnings there are in all.
 */
warning_count: number, };

/**
 * What becomes of a value that does not go as it is, the gravest first.
 */
export type TroubleKind = "blocked" | "left_out" | "shortened" | "new_value";

export type TryGrid = { 
/**
 * The replication.
 */
name: string, 
/**
 * One row a line.
 */
text: string, 
/**
 * What is to be changed about it first.
 */
edits?: Array<MappingEdit>, 
/**
 * Rows that are proposed and not yet confirmed, as text.
 */
likely?: string, 
/**
 * The contact whose values are shown; the first without.
 */
sample?: Guid, };

export type TryParts = { 
/**
 * The rules of each part.
 */
trees: Array<RuleTree>, };

export type TryRows = { 
/**
 * What the import will be asked.
 */
request: ImportRequest, 
/**
 * The rows as they are mended so far.
 */
rows: Array<MendedRow>, };

export type TryRules = { 
/**
 * The conditions of the rules.
 */
rules: Array<RuleTree>, };

export type TryTree = { 
/**
 * The rules.
 */
tree: RuleTree, };

export type UndoAct = { act?: number, };

export type UndoOf = { 
/**
 * The run to be undone.
 */
run: number, };

/**
 * What undoing a run came to.
 */
export type UndoOutcome = { 
/**
 * The replication.
 */
replication: string, 
/**
 * The run that undid the other.
 */
run: RunId, 
/**
 * The run that was undone.
 */
undoes: RunId, 
/**
 * Records deleted by it.
 */
deleted: number, 
/**
 * Records whose values were restored by it.
 */
restored: number, 
/**
 * Records of the run that are left alone.
 */
skipped: number, 
/**
 * Records that are still to be undone.
 */
remaining: number, 
/**
 * HTTP requests made.
 */
calls: number, 
/**
 * Why it stopped before everything was undone.
 */
stopped: Stop | null, };

/**
 * A page of records.
 */
export type UndoPage = { 
/**
 * The records.
 */
records: Array<UndoRecord>, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: string | null, };

/**
 * Which records of a run are asked for.
 */
export type UndoPart = "delete" | "restore" | "skipped";

/**
 * What undoing a run would do, or has done.
 */
export type UndoPlan = { 
/**
 * The run.
 */
run: RunId, 
/**
 * Its replication.
 */
replication: string, 
/**
 * `Lead` or `Contact`.
 */
object: string, 
/**
 * API calls that it takes to carry out what is planned.
 */
calls: number, 
/**
 * The calls that may be made now; `None` where the org has told nothing yet.
 */
budget: CallBudget | null, 
/**
 * Why records are left alone, the most frequent reason first.
 */
skipped_by: Array<UndoSkipped>, 
/**
 * Contacts whose requests have no answer yet. Undoing asks Salesforce about them first.
 */
unanswered: number, 
/**
 * Records to be deleted.
 */
delete: number, 
/**
 * Records whose values are to be restored.
 */
restore: number, 
/**
 * Records that are left alone.
 */
skipped: number, 
/**
 * Records that were deleted.
 */
deleted: number, 
/**
 * Records whose values were restored.
 */
restored: number, };

/**
 * Which page of a run's records is asked for.
 */
export type UndoQuery = { 
/**
 * The run that is undone.
 */
run: number, 
/**
 * Which of its records.
 */
part: UndoPart, 
/**
 * `next` of the page before.
 */
after?: string, 
/**
 * Length of the page, 500 at most.
 */
limit: number, };

/**
 * A record that undoing a run concerns.
 */
export type UndoRecord = { 
/**
 * The record.
 */
record_id: string, 
/**
 * Where it stands.
 */
state: UndoState, 
/**
 * Why it is left alone: a word of ours in lower case, or the org's code.
 */
code: string | null, 
/**
 * The same for people.
 */
message: string | null, 
/**
 * The fields that the run wrote.
 */
fields: Array<UndoneField>, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A reason for which records are left alone.
 */
export type UndoSkipped = { 
/**
 * A word of ours in lower case, or the org's code.
 */
code: string, 
/**
 * How many records.
 */
records: number, 
/**
 * The same for people, of one of them.
 */
message: string, };

/**
 * Where undoing a record stands.
 */
export type UndoState = "delete" | "restore" | "deleting" | "restoring" | "deleted" | "restored" | "skipped";

/**
 * What undoing came to.
 */
export type Undone = { 
/**
 * The act.
 */
act: ActId, 
/**
 * Contacts put back.
 */
restored: number, 
/**
 * Contacts removed that an import had created.
 */
removed: number, 
/**
 * Activities removed that an import had brought.
 */
activities_removed: number, 
/**
 * Contacts that were not, or not fully, put back, since something else has changed them: guid and fields.
 */
left_alone: Array<[Guid, Array<string>]>, };

/**
 * A field that the run wrote.
 */
export type UndoneField = { 
/**
 * API name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What was sent last.
 */
sent: JsonValue, 
/**
 * What the record held before the run; missing where it was not read.
 */
before?: JsonValue, 
/**
 * What the record held when it was looked at; missing where it could not be read.
 */
now?: JsonValue, 
/**
 * Why it isn't restored, in a word of ours; none where it is.
 */
skipped: string | null, };

/**
 * A contact that could not be found.
 */
export type UnknownContact = { 
/**
 * The guid or email that was given.
 */
who: string, 
/**
 * Why they could not be found.
 */
why: string, };

export type Unlocked = { 
/**
 * Whether the passphrase opens the file.
 */
right: boolean, };

/**
 * A contact that the latest plan would do nothing about.
 */
export type UnplannedLine = { 
/**
 * Why.
 */
why: WhyNot, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A page of contacts that the latest plan would do nothing about.
 */
export type UnplannedPage = { 
/**
 * The contacts, in the order in which they came.
 */
contacts: Array<UnplannedLine>, 
/**
 * Ask with this for the next page; none on the last one. A page may be short, or empty, with more to come.
 */
next: ContactId | null, };

/**
 * Contacts that the latest plan would do nothing about, for one reason.
 */
export type UnplannedReason = { 
/**
 * Why.
 */
why: WhyNot, 
/**
 * How many.
 */
contacts: number, };

/**
 * Which of the contacts that the latest plan would do nothing about are asked for.
 */
export type UnplannedRequest = { 
/**
 * The replication.
 */
name: string, 
/**
 * Those that are selected and the same; else those that are left out.
 */
unchanged: boolean, 
/**
 * Only those of this reason.
 */
why?: WhyNot, 
/**
 * Starts of words of their names, email or company.
 */
search?: string, 
/**
 * Where the page before ended.
 */
after?: ContactId, 
/**
 * Length of the page, 500 at most.
 */
limit: number, };

/**
 * A contact field that holds values and goes nowhere.
 */
export type UnsentField = { 
/**
 * Its name.
 */
field: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * How many of the selected contacts have a value in it.
 */
contacts: number, 
/**
 * What to do to send it; unset where mapping it is all.
 */
cure: string | null, };

/**
 * A value that a run left out.
 */
export type ValueLeftOut = { 
/**
 * In words, the field and the value named.
 */
message: string, 
/**
 * How many contacts.
 */
contacts: number, };

export type ValuesFor = { 
/**
 * The replication.
 */
name: string, 
/**
 * The target.
 */
target: string, 
/**
 * One row a line; the mapping in force without.
 */
text?: string, };

/**
 * Where the secrets of a connection are; recorded, never guessed.
 */
export type Vault = "keychain" | "file";

/**
 * The versions that a decision about a contact depends on, apart from the contact itself.
 */
export type Versions = { 
/**
 * Of the replication's settings.
 */
settings: number, 
/**
 * Of its mapping.
 */
mapping: number, 
/**
 * Of the target object's describe; 0 where none was ever fetched.
 */
describe: number, 
/**
 * How many starts and ends of activations had come.
 */
periods: number, };

/**
 * What waits for people who are not here yet.
 */
export type Waiting = { 
/**
 * The first of it, in the order in which it came.
 */
activities: Array<WaitingLine>, 
/**
 * How many there are in all.
 */
total: number, };

/**
 * How many contacts wait again.
 */
export type WaitingAgain = { 
/**
 * Contacts.
 */
contacts: number, };

/**
 * A contact whose consent waits for a record.
 */
export type WaitingContact = { 
/**
 * When Salesforce was asked for them last, UTC milliseconds.
 */
asked_at: number, 
/**
 * The contact.
 */
contact: Guid, 
/**
 * Its name, else its email, else its company.
 */
name: string, 
/**
 * Email.
 */
email: string | null, 
/**
 * Its own company name, else the name of its account.
 */
company: string | null, };

/**
 * A fault that was asked for.
 */
export type WaitingFault = { 
/**
 * Its name.
 */
name: string, 
/**
 * How often it will still happen; until it is taken back, where this is `None`.
 */
left: number | null, 
/**
 * How often it has happened.
 */
happened: number, };

/**
 * An activity of somebody who is not here yet.
 */
export type WaitingLine = { 
/**
 * The email.
 */
email: string, 
/**
 * Its row.
 */
id: ActivityId, 
/**
 * The name of its type.
 */
kind: string, 
/**
 * When, UTC milliseconds.
 */
at: number, 
/**
 * A number, such as the worth of an order.
 */
value: number | null, 
/**
 * A page.
 */
url: string | null, 
/**
 * A title.
 */
title: string | null, 
/**
 * A note.
 */
note: string | null, };

/**
 * A page of contacts whose consent waits for a record.
 */
export type WaitingPage = { 
/**
 * How many wait in all.
 */
total: number, 
/**
 * The contacts, those who have waited longest first.
 */
contacts: Array<WaitingContact>, 
/**
 * Ask with this for the next page; none on the last one.
 */
next: QueuePlace | null, };

/**
 * Which of the contacts that wait are asked for.
 */
export type WaitingRequest = { 
/**
 * The consent sync.
 */
name: string, 
/**
 * Where the page before ended.
 */
after?: QueuePlace, 
/**
 * Length of the page, 500 at most.
 */
limit: number, };

export type WalkSamples = { 
/**
 * The replication.
 */
name: string, 
/**
 * The guid of the contact to go on from.
 */
after: Guid, 
/**
 * Which way.
 */
direction: Direction, };

/**
 * An object that a pull is to read.
 */
export type WantedObject = { 
/**
 * API name.
 */
object: string, 
/**
 * API names of fields, `usual` or `all`; none reads those that are usual.
 */
fields?: Array<string>, 
/**
 * Which records; none reads everything.
 */
filter?: PullFilter, };

/**
 * Something to know about a row that was taken in, or about a column.
 */
export type Warning = { 
/**
 * Number of the row in the file; `None` for a column as a whole.
 */
line: number | null, 
/**
 * What was noticed.
 */
text: string, };

/**
 * How rows are sent.
 */
export type Way = "collections" | "bulk";

/**
 * Why rows are sent this way.
 */
export type WayReason = "chosen" | "cheaper" | "assignment_rules" | "duplicate_rules";

/**
 * What to do about a lead that was converted in Salesforce.
 */
export type WhenConverted = "follow" | "block";

/**
 * What to do about a record that was deleted in Salesforce.
 */
export type WhenDeleted = "block" | "recreate";

/**
 * Who can cure something.
 */
export type Who = "you" | "admin" | "salesforce" | "nobody";

/**
 * Why a plan would do nothing about a contact.
 */
export type WhyNot = "same" | "went_once" | "do_not_send" | "below_minimum" | "not_in_segments" | "not_consented" | "opted_out" | "held" | "converted" | "contact_there" | "lead_there" | "partner" | "not_found";

/**
 * One version of what people are asked.
 */
export type WordingInfo = { 
/**
 * What it asks consent to; unset where that purpose was removed.
 */
purpose: string | null, 
/**
 * Its number among the wordings of the purpose, from 1.
 */
version: number, 
/**
 * The text.
 */
text: string, 
/**
 * Since when, UTC milliseconds.
 */
created_at: number, };

/**
 * What is to be changed about a workspace.
 */
export type WorkspaceChange = { 
/**
 * Its name.
 */
name?: string, 
/**
 * The IANA name of its time zone.
 */
time_zone?: string, 
/**
 * Daily backups that are kept; 0 switches them off.
 */
backups_kept?: number, 
/**
 * Days that the history keeps what was sent.
 */
history_days?: number, };

/**
 * What there is in a workspace.
 */
export type WorkspaceInfo = { 
/**
 * The file.
 */
path: string, 
/**
 * Its name; empty until set.
 */
name: string, 
/**
 * The zone that turns times into dates.
 */
time_zone: string, 
/**
 * Whether it can only be read.
 */
read_only: boolean, 
/**
 * What is known to be damaged in it, in plain words; `None` for a sound file.
 */
damage?: string, 
/**
 * The backup that restoring puts in the place of a damaged file; `None` where there is none.
 */
sound_backup?: string, 
/**
 * The damaged workspace whose newest backup this is, if it is one.
 */
stands_in_for: string | null, 
/**
 * Whether it stands on a network drive.
 */
on_network: boolean, 
/**
 * Whether the user has approved it on this computer; until then it uses no sign-in and sends nothing.
 */
approved: boolean, 
/**
 * Size of the file in bytes, its log included.
 */
bytes: number, 
/**
 * Days that the history keeps what was sent.
 */
history_days: number, 
/**
 * Daily backups that are kept.
 */
backups_kept: number, 
/**
 * The backups that there are, eldest first.
 */
backups: Array<string>, 
/**
 * How much there is of each kind of thing; without those that can't be read any more, in a damaged workspace.
 */
counts: { [key in string]: number }, };

/**
 * What this computer knows of a workspace.
 */
export type WorkspaceOrigin = { "kind": "unknown" } | { "kind": "copied", 
/**
 * Where the approved one is, or was.
 */
from: string, };

/**
 * What a workspace holds that could act on its own.
 */
export type WorkspaceReview = { 
/**
 * The file.
 */
path: string, 
/**
 * Its name; empty until set.
 */
name: string, 
/**
 * Whether the user has approved it already.
 */
approved: boolean, 
/**
 * What this computer knows of it.
 */
origin: WorkspaceOrigin, 
/**
 * How many contacts there are.
 */
contacts: number, 
/**
 * The orgs that it could talk to, by name.
 */
connections: Array<ReviewedConnection>, 
/**
 * What it could send, by name.
 */
replications: Array<ReviewedReplication>, 
/**
 * Requests that were built and may not have been answered: the next run sends them as they are stored.
 */
open_batches: number, 
/**
 * Contacts whose erase was begun and not finished: it goes on, in the backups too, when the workspace is approved.
 */
unfinished_erases: number, 
/**
 * Stands for all of this, so that what is approved is what was shown.
 */
digest: string, };

/**
 * How somebody writes numbers and dates; what is unset is told from the text where it leaves no doubt.
 */
export type Written = { 
/**
 * The sign before the decimals.
 */
decimal?: DecimalSign, 
/**
 * The order of day, month and year in dates of figures.
 */
dates?: DateOrder, };
