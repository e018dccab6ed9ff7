/** The window: navigation at the left, the screen, and the status bar across the bottom. */
import { Outlet } from '@tanstack/react-router';
import { useCallback } from 'react';
import { say } from '../components/undo';
import { useHostEvent } from '../ipc/events';
import { AboutDialog } from './AboutDialog';
import { ClosingDialog } from './ClosingDialog';
import { DamagedWorkspace } from './DamagedWorkspace';
import classes from './Frame.module.css';
import { Navigation } from './Navigation';
import { NewWorkspaceDialog } from './NewWorkspaceDialog';
import { PassphraseDialog } from './PassphraseDialog';
import { Palette } from './palette/Palette';
import { ReviewWorkspace } from './ReviewWorkspace';
import { SummonedSalvageDialog } from './SalvageDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { StatusBar } from './StatusBar';
import { useMenu } from './useMenu';
import { useShortcuts } from './useShortcuts';
import { useTitle } from './useTitle';
import { useZoomKeys } from './useZoom';

export function Frame() {
  useShortcuts();
  useMenu();
  useTitle();
  useZoomKeys();
  useHostEvent(
    'told',
    useCallback((event) => say(event.text), []),
  );
  return (
    <div className={classes.frame}>
      <Navigation />
      <div className={classes.main}>
        <DamagedWorkspace />
        <ReviewWorkspace />
        <main className={classes.screen}>
          <Outlet />
        </main>
      </div>
      <StatusBar />
      <Palette />
      <ShortcutsDialog />
      <NewWorkspaceDialog />
      <SummonedSalvageDialog />
      <AboutDialog />
      <ClosingDialog />
      <PassphraseDialog />
    </div>
  );
}
