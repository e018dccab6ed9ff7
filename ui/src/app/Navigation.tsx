/** The navigation, in the order of the work. A count stands only where it calls for action. */
import { Link } from '@tanstack/react-router';
import { useAsk } from '../ipc/queries';
import classes from './Navigation.module.css';
import { PaletteButton } from './Palette';
import { rest, type Screen, work } from './screens';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

export function Navigation() {
  const blocked = useBlocked();
  return (
    <nav className={classes.nav} aria-label="Screens">
      <WorkspaceSwitcher />
      <PaletteButton />
      <Screens screens={work} blocked={blocked} />
      <div className={classes.space} />
      <Screens screens={rest} blocked={0} />
    </nav>
  );
}

function Screens({ screens, blocked }: { screens: readonly Screen[]; blocked: number }) {
  return (
    <ul className={classes.list}>
      {screens.map(({ name, to, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            className={classes.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            title={name}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            <span className={classes.name}>{name}</span>
            {to === '/replications' && blocked > 0 && (
              <span className={`num ${classes.count}`}>
                {blocked}
                <span className="visually-hidden"> blocked</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function useBlocked(): number {
  const open = useAsk('workspaces.current', {});
  const queue = useAsk('queue.list', { filter: {}, limit: 0 }, { enabled: Boolean(open.data) });
  return queue.data?.counts.blocked ?? 0;
}
