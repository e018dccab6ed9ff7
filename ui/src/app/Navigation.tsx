/** The navigation, in the order of the work. A count stands only where it calls for action. */
import { Link, useRouterState } from '@tanstack/react-router';
import { count } from '../components/numbers';
import { figureNames } from '../ipc/bindings';
import classes from './Navigation.module.css';
import { PaletteButton } from './palette/Palette';
import { rest, type Screen, work } from './screens';
import { useQueueFigures } from './useQueueFigures';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

/** Screens with an address of their own, and the screen of the navigation that they belong to. */
const belongsTo: { [path: string]: Screen['to'] } = {
  '/new-segment': '/segments',
  '/new-pull': '/pulls',
  '/find-links': '/pulls',
};

const current = { 'data-active': true, 'aria-current': 'page' } as const;

export function Navigation() {
  const blocked = useQueueFigures()?.blocked ?? 0;
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
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <ul className={classes.list}>
      {screens.map(({ name, to, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            className={classes.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={current}
            {...(belongsTo[path] === to ? current : {})}
            title={name}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            <span className={classes.name}>{name}</span>
            {to === '/replications' && blocked > 0 && (
              <span className={`num ${classes.count}`}>
                {count(blocked)}
                <span className="visually-hidden"> {figureNames.blocked.toLowerCase()}</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
