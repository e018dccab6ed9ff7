/** What a contact is in an account, in words. */
export const roleWords: Record<string, string> = {
  primary: 'Main contact',
  secondary: 'Second contact',
  regular: 'Contact',
};
