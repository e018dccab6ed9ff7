/** Who can fix something, and where an error is met. */
import type { ErrorArea, Who } from '../ipc/bindings';

export const whoNames: Record<Who, string> = {
  you: 'You',
  admin: 'Your Salesforce admin',
  salesforce: 'Salesforce',
  nobody: 'Nobody: it passes with time',
};

export const areaNames: Record<ErrorArea, string> = {
  contacts: 'Contacts and requests',
  sign_in: 'Sign-in',
  network: 'Network',
  leadferry: 'Leadferry and this computer',
};
