/** What is wrong, or looks wrong, about a pasted key or secret. */

/** What is said about a text; a wrong one can't be sent, a doubtful one can. */
export type Remark = { wrong: string } | { doubt: string } | null;

const SHORTEST_KEY = 40;
const SHORTEST_SECRET = 16;

/** Returns what there is to say about a consumer key. */
export function aboutKey(text: string): Remark {
  const key = text.trim();
  if (key === '') return null;
  if (/\s/.test(key)) return { wrong: 'Copy only the key, without spaces or line breaks.' };
  if (key.length > 1000) return { wrong: 'This is too long for a key. Copy only the key.' };
  if (/^(\d{15,25}|[0-9A-Fa-f]{64})$/.test(key)) {
    return { doubt: 'This looks like the consumer secret. The key starts with 3MVG.' };
  }
  if (!key.startsWith('3MVG'))
    return { doubt: 'Keys usually start with 3MVG. Check that you copied all of it.' };
  if (key.length < SHORTEST_KEY) {
    return { doubt: 'Keys usually have about 85 characters. Check that you copied all of it.' };
  }
  return null;
}

/** Returns what there is to say about a consumer secret. */
export function aboutSecret(text: string): Remark {
  const secret = text.trim();
  if (secret === '') return null;
  if (/\s/.test(secret)) return { wrong: 'Copy only the secret, without spaces or line breaks.' };
  if (secret.length > 1000) return { wrong: 'This is too long for a secret. Copy only the secret.' };
  if (secret.startsWith('3MVG')) return { doubt: 'This looks like the consumer key.' };
  if (secret.length < SHORTEST_SECRET) {
    return { doubt: 'Secrets usually have 64 characters. Check that you copied all of it.' };
  }
  return null;
}

export function wrongIn(remark: Remark): string | null {
  return remark && 'wrong' in remark ? remark.wrong : null;
}

export function doubtIn(remark: Remark): string | null {
  return remark && 'doubt' in remark ? remark.doubt : null;
}
