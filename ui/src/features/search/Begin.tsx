/** What a search offers before anything was asked: searches to begin with, and those that were saved. */
import { IconBookmark, IconSearch } from '@tabler/icons-react';
import { Card } from '../../components/Card';
import type { OrgSearch, SavedSearch, SearchFields } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Search.module.css';
import { starters } from './starters';

type Props = {
  fields: SearchFields;
  object: OrgSearch['object'];
  onStart: (search: OrgSearch) => void;
  onOpen: (saved: SavedSearch) => void;
};

export function Begin({ fields, object, onStart, onOpen }: Props) {
  const saved = useAsk('search.saved', {}).data ?? [];
  const mine = saved.filter(({ search }) => search.object === object);
  const plural = fields.label_plural.toLowerCase();
  return (
    <div className={classes.begin}>
      <Card
        title={`Find ${plural} in Salesforce`}
        about="Enter a name, an email or a phone number, or add conditions on any field. You can link what you find to your contacts, or import it."
      >
        <ul className={classes.starters} aria-label="Searches to begin with" data-listed>
          {starters(object, fields.fields).map(({ title, search }) => (
            <li key={title}>
              <button type="button" className={classes.starter} onClick={() => onStart(search)}>
                <IconSearch size={16} stroke={1.75} aria-hidden />
                {title}
              </button>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Saved searches">
        {mine.length === 0 ? (
          <p className={classes.quiet}>
            No saved searches of {plural} yet. Save one to run it again with a click.
          </p>
        ) : (
          <ul className={classes.starters} aria-label={`Saved searches of ${plural}`} data-listed>
            {mine.map((one) => (
              <li key={one.id}>
                <button type="button" className={classes.starter} onClick={() => onOpen(one)}>
                  <IconBookmark size={16} stroke={1.75} aria-hidden />
                  {one.name}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}
