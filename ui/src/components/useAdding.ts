/** Whether a screen's form for a new thing is open: by its own button, or by a way from elsewhere, which says so and may say of
 * which object the new one is. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

export function useAdding(
  to: '/contacts' | '/scores' | '/replications' | '/consents',
): [boolean, (adding: boolean) => void] {
  const navigate = useNavigate();
  const { new: isAsked } = useSearch({ strict: false }) as { new?: true };
  const [adding, setAdding] = useState(false);
  const set = (next: boolean) => {
    setAdding(next);
    if (!next && isAsked) void navigate({ to, search: {}, replace: true });
  };
  return [adding || isAsked === true, set];
}

/** Returns the object that a new thing is asked for from elsewhere; leads where nothing is said. */
export function useAskedObject(): 'Contact' | 'Lead' {
  const { object } = useSearch({ strict: false }) as { object?: 'Contact' | 'Lead' };
  return object ?? 'Lead';
}
