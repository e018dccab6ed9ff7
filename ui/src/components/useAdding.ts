/** Whether a screen's form for a new thing is open: by its own button, or by a way from elsewhere, which says so. */
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
