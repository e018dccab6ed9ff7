/** What every component stands in: theme, answers, dialogs, toasts. */
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Fragment, type ReactNode, useSyncExternalStore } from 'react';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import { cssVariables, theme } from '../theme/theme';
import '../theme/global.css';
import { ActionsProvider } from '../components/actions';
import { chosenLocale, watchLocale } from '../components/locale';
import { rememberedScheme } from './appearance';
import classes from './Providers.module.css';

type Props = { client: QueryClient; children: ReactNode; env?: 'default' | 'test' };

export function Providers({ client, children, env = 'default' }: Props) {
  // Every number and date on the screen is written anew when another way is chosen.
  const locale = useSyncExternalStore(watchLocale, chosenLocale);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        colorSchemeManager={rememberedScheme}
        env={env}
      >
        <ModalsProvider>
          <ActionsProvider>
            <Fragment key={locale}>{children}</Fragment>
          </ActionsProvider>
        </ModalsProvider>
        <Notifications position="bottom-center" limit={3} classNames={{ root: classes.notes }} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
