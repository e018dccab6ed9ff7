/** The routes: each screen of a feature stands here once, and what features need of each other is handed in here. */
import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AccountsScreen } from '../features/accounts/AccountsScreen';
import { ActivitiesScreen } from '../features/activities/ActivitiesScreen';
import { ChangesScreen } from '../features/changes/ChangesScreen';
import { ConnectionScreen } from '../features/connections/ConnectionScreen';
import { ConnectionsScreen } from '../features/connections/ConnectionsScreen';
import { SetUpScreen } from '../features/connections/SetUpScreen';
import { ConsentsScreen } from '../features/consents/ConsentsScreen';
import { ContactsScreen } from '../features/contacts/ContactsScreen';
import { EraseTraces } from '../features/contacts/EraseTraces';
import { DoctorScreen } from '../features/doctor/DoctorScreen';
import { HelpScreen } from '../features/help/HelpScreen';
import { ImportScreen } from '../features/imports/ImportScreen';
import { FindLinksScreen } from '../features/links/FindLinksScreen';
import { MappingTab } from '../features/mappings/MappingTab';
import { NewPullScreen } from '../features/pulls/NewPullScreen';
import { PullScreen } from '../features/pulls/PullScreen';
import { PullsScreen } from '../features/pulls/PullsScreen';
import { RecordsScreen } from '../features/pulls/RecordsScreen';
import { ContactCures } from '../features/replications/ContactCures';
import { ReplicationScreen } from '../features/replications/ReplicationScreen';
import { ReplicationsScreen } from '../features/replications/ReplicationsScreen';
import { RuleBuilder } from '../features/rules/RuleBuilder';
import { ScoreScreen } from '../features/scores/ScoreScreen';
import { ScoresScreen } from '../features/scores/ScoresScreen';
import { SearchScreen } from '../features/search/SearchScreen';
import { SecurityScreen } from '../features/security/SecurityScreen';
import { NewSegmentScreen, SegmentScreen } from '../features/segments/SegmentScreen';
import { SegmentsScreen } from '../features/segments/SegmentsScreen';
import { SettingsScreen } from '../features/settings/SettingsScreen';
import { StartScreen } from '../features/start/StartScreen';
import type { ConsentRule } from '../ipc/bindings';
import { answerWords } from '../words/consents';
import { Frame } from './Frame';
import { Home } from './Home';

function Contacts() {
  return <ContactsScreen Cures={ContactCures} />;
}

function Security() {
  return <SecurityScreen erasing={<EraseTraces />} />;
}

function OneReplication() {
  return <ReplicationScreen Mapping={MappingTab} />;
}

function OneScore() {
  return <ScoreScreen Builder={RuleBuilder} />;
}

function OneSegment() {
  return <SegmentScreen Builder={RuleBuilder} />;
}

function NewSegment() {
  return <NewSegmentScreen Builder={RuleBuilder} />;
}

/** Whether the screen opens with its form for a new one. */
function adding(search: Record<string, unknown>): { new?: true } {
  return search.new === true ? { new: true } : {};
}

/** As `adding`, and of which object the new one is. */
function addingTo(search: Record<string, unknown>): { new?: true; object?: 'Contact' | 'Lead' } {
  const { object } = search;
  return { ...adding(search), ...(object === 'Contact' || object === 'Lead' ? { object } : {}) };
}

type ContactsSearch = {
  open?: string;
  fix?: string;
  /** Where the contact was opened from to be fixed: the way back. */
  back?: string;
  new?: true;
  /** The list begins with those of one import, or with the members of a segment. */
  import?: number;
  segment?: string;
  /** Or with those who answered so, or are opted out of a channel. */
  consent?: ConsentRule;
  opted_out?: string;
  /** The screen opens with this dialog. */
  ask?: 'export';
};

function contactsSearch(search: Record<string, unknown>): ContactsSearch {
  return {
    ...adding(search),
    ...(typeof search.open === 'string' ? { open: search.open } : {}),
    ...(typeof search.fix === 'string' ? { fix: search.fix } : {}),
    ...(typeof search.back === 'string' && search.back.startsWith('/') ? { back: search.back } : {}),
    ...(typeof search.import === 'number' ? { import: search.import } : {}),
    ...(typeof search.segment === 'string' ? { segment: search.segment } : {}),
    ...(isConsentRule(search.consent) ? { consent: search.consent } : {}),
    ...(typeof search.opted_out === 'string' ? { opted_out: search.opted_out } : {}),
    ...(search.ask === 'export' ? { ask: 'export' } : {}),
  };
}

function isConsentRule(value: unknown): value is ConsentRule {
  const { consent, is } = (value ?? {}) as Record<string, unknown>;
  return typeof consent === 'string' && typeof is === 'string' && is in answerWords;
}

const rootRoute = createRootRoute({ component: Frame });
const under = () => rootRoute;

const routeTree = rootRoute.addChildren([
  createRoute({ getParentRoute: under, path: '/', component: Home }),
  createRoute({
    getParentRoute: under,
    path: '/contacts',
    component: Contacts,
    validateSearch: contactsSearch,
  }),
  createRoute({ getParentRoute: under, path: '/contacts/import', component: ImportScreen }),
  createRoute({
    getParentRoute: under,
    path: '/accounts',
    component: AccountsScreen,
    validateSearch: (search: Record<string, unknown>): { open?: number } =>
      typeof search.open === 'number' ? { open: search.open } : {},
  }),
  createRoute({ getParentRoute: under, path: '/scores', component: ScoresScreen, validateSearch: adding }),
  createRoute({ getParentRoute: under, path: '/scores/$name', component: OneScore }),
  createRoute({ getParentRoute: under, path: '/segments', component: SegmentsScreen }),
  createRoute({ getParentRoute: under, path: '/segments/$name', component: OneSegment }),
  createRoute({ getParentRoute: under, path: '/new-segment', component: NewSegment }),
  createRoute({ getParentRoute: under, path: '/activities', component: ActivitiesScreen }),
  createRoute({
    getParentRoute: under,
    path: '/consents',
    component: ConsentsScreen,
    validateSearch: addingTo,
  }),
  createRoute({ getParentRoute: under, path: '/search', component: SearchScreen }),
  createRoute({ getParentRoute: under, path: '/find-links', component: FindLinksScreen }),
  createRoute({ getParentRoute: under, path: '/new', component: StartScreen }),
  createRoute({ getParentRoute: under, path: '/pulls', component: PullsScreen }),
  createRoute({ getParentRoute: under, path: '/new-pull', component: NewPullScreen }),
  createRoute({ getParentRoute: under, path: '/pulls/$name', component: PullScreen }),
  createRoute({ getParentRoute: under, path: '/pulls/$name/$object', component: RecordsScreen }),
  createRoute({ getParentRoute: under, path: '/changes', component: ChangesScreen }),
  createRoute({
    getParentRoute: under,
    path: '/doctor',
    component: DoctorScreen,
    validateSearch: (search: Record<string, unknown>): { q?: string } =>
      typeof search.q === 'string' ? { q: search.q } : {},
  }),
  createRoute({ getParentRoute: under, path: '/help', component: HelpScreen }),
  createRoute({
    getParentRoute: under,
    path: '/replications',
    component: ReplicationsScreen,
    validateSearch: addingTo,
  }),
  createRoute({ getParentRoute: under, path: '/replications/$name', component: OneReplication }),
  createRoute({
    getParentRoute: under,
    path: '/replications/$name/$tab',
    component: OneReplication,
    validateSearch: (search: Record<string, unknown>): { run?: number } =>
      typeof search.run === 'number' ? { run: search.run } : {},
  }),
  createRoute({ getParentRoute: under, path: '/connections', component: ConnectionsScreen }),
  createRoute({
    getParentRoute: under,
    path: '/connections/new',
    component: SetUpScreen,
    validateSearch: (search: Record<string, unknown>): { draft?: number } =>
      typeof search.draft === 'number' ? { draft: search.draft } : {},
  }),
  createRoute({
    getParentRoute: under,
    path: '/connections/$name/details',
    component: ConnectionScreen,
    validateSearch: (search: Record<string, unknown>): { connected?: true } =>
      search.connected === true ? { connected: true } : {},
  }),
  createRoute({ getParentRoute: under, path: '/security', component: Security }),
  createRoute({ getParentRoute: under, path: '/settings', component: SettingsScreen }),
]);

export function newRouter() {
  return createRouter({ routeTree, history: createHashHistory(), defaultPreload: false });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
