/** What every component stands in: theme, answers, dialogs, toasts. */
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import { cssVariables, theme } from '../theme/theme';
import '../theme/global.css';
import { ActionsProvider } from '../components/actions';
import { rememberedScheme } from './appearance';

type Props = { client: QueryClient; children: ReactNode; env?: 'default' | 'test' };

export function Providers({ client, children, env = 'default' }: Props) {
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
          <ActionsProvider>{children}</ActionsProvider>
        </ModalsProvider>
        <Notifications position="bottom-right" limit={3} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
