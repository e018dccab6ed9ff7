/** Fields that say themselves what is wrong with what was typed. */

/**
 * Shows the first field on the page whose text is no value, and tells whether there is one.
 *
 * A form is held back by its fields; what is saved by a button of the screen asks here.
 */
export function showWrongField(): boolean {
  const wrong = document.querySelector<HTMLInputElement>('input:invalid');
  wrong?.reportValidity();
  return wrong !== null;
}
