/** Where the contacts of two partners go, and why. */
import { count, counted } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import type { PartnerPreview, PartnerSide } from '../../ipc/bindings';
import classes from './Replications.module.css';

export function PartnerSides({ preview }: { preview: PartnerPreview }) {
  const { leads, contacts, contacts_segment: segment } = preview;
  return (
    <>
      <Table
        label="Who goes where"
        heads={[
          { name: 'Replication' },
          { name: 'Selected', number: true },
          { name: 'Have a record', number: true },
          { name: 'New', number: true },
          { name: 'Through the partner', number: true },
        ]}
      >
        {[leads, contacts].map((side) => (
          <tr key={side.object}>
            <td>
              {side.replication} ({side.object.toLowerCase()}s)
            </td>
            <NumberCell>{count(side.selected)}</NumberCell>
            <NumberCell>{count(side.linked)}</NumberCell>
            <NumberCell>{count(side.new)}</NumberCell>
            <NumberCell>{count(side.to_partner)}</NumberCell>
          </tr>
        ))}
      </Table>
      <p className={classes.help}>
        {segment
          ? `New contacts in ${segment} become contacts, all others leads.`
          : 'New contacts become leads.'}
      </p>
      {[leads, contacts].map((side) => (
        <Staying key={side.object} side={side} />
      ))}
    </>
  );
}

/** Who would be the other object if they were new. */
function Staying({ side: { staying, staying_people, object } }: { side: PartnerSide }) {
  if (staying === 0) return null;
  const names = staying_people.map(({ name }) => name).join(', ');
  return (
    <p className={classes.help}>
      {counted(staying, 'contact stays', 'contacts stay')} a {object.toLowerCase()} although the segment says
      otherwise: {names}
      {staying > staying_people.length && ' and others'}.
    </p>
  );
}
