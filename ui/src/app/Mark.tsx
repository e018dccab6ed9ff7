/** The product's mark: a ferry. */
export function Mark() {
  return (
    <svg width="1.375rem" height="1.375rem" viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--lf-accent)" />
      <g
        fill="none"
        stroke="var(--lf-on-accent)"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      >
        <path d="M7 17h18l-2.5 5.5h-13z" fill="var(--lf-on-accent)" />
        <path d="M10 17v-4.5h12V17M13 12.5V8.5h5v4" />
        <path d="M6 26c1.7 0 1.7-1 3.3-1s1.7 1 3.4 1 1.6-1 3.3-1 1.7 1 3.3 1 1.7-1 3.4-1 1.6 1 3.3 1" />
      </g>
    </svg>
  );
}
