/** Importing contacts: a file is chosen or dropped; below it, recent imports. */
import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import { Trouble } from '../../components/Trouble';
import { useHostEvent } from '../../ipc/events';
import { useDo } from '../../ipc/queries';
import classes from './ImportScreen.module.css';
import { OneFile } from './OneFile';
import { OneImport } from './OneImport';
import { PastImports } from './PastImports';

export function ImportScreen() {
  const pick = useDo('shell.pick_file');
  // A file that is chosen again is read again.
  const [chosen, setChosen] = useState<{ file: string; at: number } | null>(null);
  const [past, setPast] = useState<number | null>(null);
  const take = useCallback((file: string) => {
    setPast(null);
    setChosen({ file, at: Date.now() });
  }, []);
  useHostEvent(
    'dropped',
    useCallback((event) => take(event.path), [take]),
  );
  const choose = () =>
    pick.mutate({ what: 'contacts' }, { onSuccess: (path) => path !== null && take(path) });
  const back = () => {
    setChosen(null);
    setPast(null);
  };
  const begun = chosen !== null || past !== null;
  return (
    <Page
      title="Import"
      parent={{ title: 'Contacts', to: '/contacts' }}
      about={chosen?.file}
      actions={
        begun && (
          <>
            <Button variant="default" onClick={back}>
              All imports
            </Button>
            <Button variant="default" onClick={choose}>
              Choose another file
            </Button>
          </>
        )
      }
    >
      {pick.error && <Trouble error={pick.error} />}
      {chosen && <OneFile key={chosen.at} file={chosen.file} />}
      {past !== null && <OneImport key={past} id={past} />}
      {!begun && (
        <>
          <div className={classes.drop}>
            <Empty
              title="Choose a contacts file or drop one here"
              action={
                <Button leftSection={<IconFileImport size={16} stroke={1.75} />} onClick={choose}>
                  Choose a file
                </Button>
              }
            >
              CSV, Excel or vCard. You see every change before anything is imported.
            </Empty>
          </div>
          <PastImports onOpen={setPast} />
        </>
      )}
    </Page>
  );
}
