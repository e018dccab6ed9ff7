/** The window: navigation at the left, the screen, and the status bar across the bottom. */
import { Outlet } from '@tanstack/react-router';
import { useCallback } from 'react';
import { say } from '../components/undo';
import { useHostEvent } from '../ipc/events';
import { ClosingDialog } from './ClosingDialog';
import classes from './Frame.module.css';
import { Navigation } from './Navigation';
import { Palette } from './Palette';
import { PassphraseDialog } from './PassphraseDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { StatusBar } from './StatusBar';
import { useMenu } from './useMenu';
import { useShortcuts } from './useShortcuts';

export function Frame() {
  useShortcuts();
  useMenu();
  useHostEvent(
    'told',
    useCallback((event) => say(event.text), []),
  );
  return (
    <div className={classes.frame}>
      <Navigation />
      <main className={classes.main}>
        <Outlet />
      </main>
      <StatusBar />
      <Palette />
      <ShortcutsDialog />
      <ClosingDialog />
      <PassphraseDialog />
    </div>
  );
}
