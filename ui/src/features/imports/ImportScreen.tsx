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
  const [file, setFile] = useState<string | null>(null);
  const [past, setPast] = useState<number | null>(null);
  useHostEvent(
    'dropped',
    useCallback((event) => {
      setPast(null);
      setFile(event.path);
    }, []),
  );
  const choose = () =>
    pick.mutate(
      { what: 'contacts' },
      {
        onSuccess: (path) => {
          if (path === null) return;
          setPast(null);
          setFile(path);
        },
      },
    );
  const back = () => {
    setFile(null);
    setPast(null);
  };
  const begun = file !== null || past !== null;
  return (
    <Page
      title="Import"
      parent={{ title: 'Contacts', to: '/contacts' }}
      about={file ?? undefined}
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
      {file !== null && <OneFile key={file} file={file} />}
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
