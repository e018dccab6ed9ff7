/**
 * Leadferry: the theme. One place for colour, type, space and density.
 *
 * How it is meant to be used
 *   <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
 *   Components read `var(--lf-*)`; a literal colour or a literal font size in a component is a fault.
 *
 * Contrast: every `text` and `on-*` token reaches 4.5:1 on every surface it is allowed on, every `line-control` and
 * chart colour reaches 3:1 (WCAG 2.2 AA). `checkedPairs` at the end lists the pairs so that a test can hold them.
 */
import '@fontsource-variable/inter/wght.css'; // bundled, latin + latin-ext + cyrillic + greek + vietnamese subsets
import '@fontsource-variable/jetbrains-mono/wght.css'; // API names, ids, callback addresses, raw answers: nothing else
import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Input,
  Kbd,
  type MantineColorsTuple,
  type MantineThemeOverride,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Progress,
  SegmentedControl,
  Select,
  Switch,
  Table,
  Tabs,
  TextInput,
  Tooltip,
} from '@mantine/core';

/* ---------------------------------------------------------------- colour */

/** The one accent: *blue acts*. 6 is the fill in both schemes (white on it: 5.8:1). */
const blue: MantineColorsTuple = [
  '#eef3ff',
  '#dfe8fe',
  '#bccffb',
  '#93b0f7',
  '#6b91f1',
  '#4a75e8',
  '#2f5bd7',
  '#274cb6',
  '#213f96',
  '#1b3378',
];
const green: MantineColorsTuple = [
  '#e8f5ed',
  '#d2ebdc',
  '#a6d8ba',
  '#74c295',
  '#48ab73',
  '#27935a',
  '#157a47',
  '#10653a',
  '#0d522f',
  '#0a4025',
];
const amber: MantineColorsTuple = [
  '#fdf4e1',
  '#fae7c1',
  '#f5d18b',
  '#efba54',
  '#e6a42c',
  '#c98612',
  '#8a5600',
  '#744800',
  '#5e3a00',
  '#4a2e00',
];
const red: MantineColorsTuple = [
  '#fdeeed',
  '#fadbd9',
  '#f4b5b1',
  '#ec8a84',
  '#e2615a',
  '#d2423a',
  '#b92c25',
  '#9b231d',
  '#7f1c17',
  '#651511',
];
/** Cool neutrals; chroma low enough that semantic colour is the only colour on the page. */
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e5e8ed',
  '#d6dae1',
  '#b6bcc7',
  '#868e9c',
  '#616978',
  '#474e5b',
  '#2c313a',
  '#171a20',
];
/** Mantine reads 0 as text, 2 as dimmed, 4 as border, 6 as input, 7 as body. */
const dark: MantineColorsTuple = [
  '#e7e9ed',
  '#c8ccd4',
  '#a2a9b6',
  '#828a99',
  '#31363f',
  '#292d35',
  '#1d2026',
  '#15171b',
  '#101215',
  '#0b0c0e',
];

/* ------------------------------------------------------------ CSS variables */

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    // type: 13 is the base of the window, 14 only for prose longer than a line
    '--lf-fs-11': '0.6875rem',
    '--lf-fs-12': '0.75rem',
    '--lf-fs-13': '0.8125rem',
    '--lf-fs-14': '0.875rem',
    '--lf-fs-16': '1rem',
    '--lf-fs-18': '1.125rem',
    '--lf-fs-24': '1.5rem',
    '--lf-mono': "'JetBrains Mono Variable', ui-monospace, monospace",
    // space: multiples of 4, and no others
    '--lf-1': '0.25rem',
    '--lf-2': '0.5rem',
    '--lf-3': '0.75rem',
    '--lf-4': '1rem',
    '--lf-6': '1.5rem',
    '--lf-8': '2rem',
    // reserved sizes of the frame: in rem, so that they follow 200 % text
    '--lf-nav': '13rem',
    '--lf-header': '3.5rem',
    '--lf-status': '1.75rem',
    '--lf-panel': '23.5rem',
    // density
    '--lf-row': '2.25rem', // 36: contact list, plan list
    '--lf-row-2': '2.75rem', // 44: rows with two lines (mapping grid, error groups)
    '--lf-head': '2rem', // 32: column heads, group heads
    '--lf-control': '1.875rem', // 30: buttons, fields
    '--lf-control-s': '1.625rem', // 26: inside rows and toolbars
    '--lf-r-chip': '4px',
    '--lf-r': '6px',
    '--lf-r-card': '8px',
    '--lf-r-modal': '12px',
    '--lf-fast': '90ms',
    '--lf-slow': '140ms', // both 0 under prefers-reduced-motion
  },
  light: {
    // Mantine's own names, bent to ours
    '--mantine-color-default-border': '#d6dae1',
    '--mantine-color-default-hover': '#f2f4f7',
    '--mantine-color-dimmed': '#616978',
    '--mantine-color-blue-light-color': '#274fc0',
    '--mantine-color-placeholder': '#616978',
    '--mantine-color-anchor': '#274fc0',
    '--mantine-color-error': '#ac2720',
    '--lf-canvas': '#ffffff',
    '--lf-sunken': '#f7f8fa',
    '--lf-raised': '#ffffff',
    '--lf-hover': '#f2f4f7',
    '--lf-selected': '#eef3ff',
    '--lf-text': '#171a20',
    '--lf-text-2': '#474e5b',
    '--lf-text-3': '#616978',
    '--lf-line': '#e5e8ed',
    '--lf-line-soft': '#eff1f4',
    '--lf-line-control': '#868e9c',
    '--lf-accent': '#2f5bd7',
    '--lf-accent-text': '#274fc0',
    '--lf-accent-bg': '#eef3ff',
    '--lf-accent-line': '#bccffb',
    '--lf-on-accent': '#ffffff',
    '--lf-done-text': '#0f6a3c',
    '--lf-done-bg': '#e8f5ed',
    '--lf-done-line': '#a6d8ba',
    '--lf-done-fill': '#157a47',
    '--lf-on-done': '#ffffff',
    '--lf-look-text': '#7d4e00',
    '--lf-look-bg': '#fdf4e1',
    '--lf-look-line': '#f0cf8e',
    '--lf-look-fill': '#f0b440',
    '--lf-on-look': '#2b1d00',
    '--lf-fail-text': '#ac2720',
    '--lf-fail-bg': '#fdeeed',
    '--lf-fail-line': '#f4b5b1',
    '--lf-fail-fill': '#b92c25',
    '--lf-on-fail': '#ffffff',
    '--lf-idle-fill': '#616978',
    '--lf-on-idle': '#ffffff',
    '--lf-chip': '#f0f2f5',
    // charts: 1 is the subject, 2-4 its companions, told apart by lightness as well as by hue
    '--lf-c1': '#2f5bd7',
    '--lf-c2': '#6f8fe0',
    '--lf-c3': '#7a5a9e',
    '--lf-c4': '#868e9c',
    '--lf-c-grid': '#eff1f4',
    '--lf-c-done': '#157a47',
    '--lf-c-fail': '#b92c25',
    '--lf-seg': '#ffffff',
    '--lf-focus': '#2f5bd7',
    '--lf-shadow-panel': '-1px 0 0 #e5e8ed, -8px 0 24px rgba(23,26,32,.05)',
    '--lf-shadow-pop': '0 0 0 1px rgba(23,26,32,.08), 0 8px 28px rgba(23,26,32,.14)',
    '--lf-scrim': 'rgba(23,26,32,.42)',
  },
  dark: {
    '--mantine-color-body': '#15171b',
    '--mantine-color-default': '#1d2026',
    '--mantine-color-default-border': '#363b45',
    '--mantine-color-default-hover': '#262a31',
    '--mantine-color-dimmed': '#949cab',
    '--mantine-color-blue-light-color': '#93b0f7',
    '--mantine-color-placeholder': '#949cab',
    '--mantine-color-anchor': '#93b0f7',
    '--mantine-color-error': '#ff968e',
    '--lf-canvas': '#15171b',
    '--lf-sunken': '#101215',
    '--lf-raised': '#1a1d22',
    '--lf-hover': '#1f2228',
    '--lf-selected': '#1b2540',
    '--lf-text': '#e7e9ed',
    '--lf-text-2': '#b6bcc7',
    '--lf-text-3': '#949cab',
    '--lf-line': '#2a2e36',
    '--lf-line-soft': '#21242a',
    '--lf-line-control': '#6d7584',
    '--lf-accent': '#3d67de',
    '--lf-accent-text': '#93b0f7',
    '--lf-accent-bg': '#1a2440',
    '--lf-accent-line': '#33477c',
    '--lf-on-accent': '#ffffff',
    '--lf-done-text': '#6ccb94',
    '--lf-done-bg': '#14291e',
    '--lf-done-line': '#23533a',
    '--lf-done-fill': '#157a47',
    '--lf-on-done': '#ffffff',
    '--lf-look-text': '#e9b95c',
    '--lf-look-bg': '#2b220f',
    '--lf-look-line': '#5c4718',
    '--lf-look-fill': '#e6a42c',
    '--lf-on-look': '#2b1d00',
    '--lf-fail-text': '#ff968e',
    '--lf-fail-bg': '#331a1a',
    '--lf-fail-line': '#6b302d',
    '--lf-fail-fill': '#b92c25',
    '--lf-on-fail': '#ffffff',
    '--lf-idle-fill': '#4a505c',
    '--lf-on-idle': '#ffffff',
    '--lf-chip': '#24272e',
    '--lf-c1': '#5f88ef',
    '--lf-c2': '#4668c6',
    '--lf-c3': '#a98bcb',
    '--lf-c4': '#6d7584',
    '--lf-c-grid': '#262a31',
    '--lf-c-done': '#2f9d63',
    '--lf-c-fail': '#e2574e',
    '--lf-seg': '#3d434f',
    '--lf-focus': '#7ea0f5',
    '--lf-shadow-panel': '-1px 0 0 #2a2e36, -8px 0 24px rgba(0,0,0,.25)',
    '--lf-shadow-pop': '0 0 0 1px #31363f, 0 12px 32px rgba(0,0,0,.5)',
    '--lf-scrim': 'rgba(5,6,8,.62)',
  },
});

/* ---------------------------------------------------------------- Mantine */

const field = { defaultProps: { size: 'sm' as const } };

export const theme: MantineThemeOverride = createTheme({
  colors: { blue, green, amber, red, gray, dark },
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 6 },
  white: '#ffffff',
  black: '#171a20',
  autoContrast: false, // every fill has its own `on-*` token
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.5', lg: '1.4', xl: '1.35' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.125rem', lineHeight: '1.35' },
      h2: { fontSize: '0.875rem', lineHeight: '1.4' },
      h3: { fontSize: '0.8125rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'default', // a desktop window: the hand is for links only
  respectReducedMotion: true,
  focusRing: 'auto', // keyboard only; drawn by :focus-visible in app.css, 2 px, offset 1 px, inset inside grids
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      vars: (_t, p) => ({
        root:
          p.size === 'xs'
            ? {
                '--button-height': 'var(--lf-control-s)',
                '--button-fz': '0.75rem',
                '--button-padding-x': '0.5rem',
              }
            : {
                '--button-height': 'var(--lf-control)',
                '--button-fz': '0.8125rem',
                '--button-padding-x': '0.75rem',
              },
      }),
      styles: { root: { fontWeight: 500 }, section: { marginInlineEnd: 6 } },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } }),
    // as large as the text around it
    Anchor: Anchor.extend({ defaultProps: { inherit: true } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 26 } }),
    // every field is 30 px high, whichever component draws it; those of several lines grow
    Input: Input.extend({
      vars: () => ({
        wrapper: {
          '--input-height': 'var(--lf-control)',
          '--input-fz': '0.8125rem',
          '--input-padding': '0.625rem',
          '--input-bd': 'var(--lf-line-control)',
        },
      }),
    }),
    TextInput: TextInput.extend(field),
    PasswordInput: PasswordInput.extend(field),
    NumberInput: NumberInput.extend(field),
    Select: Select.extend({ defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right' } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs', radius: 'xs' } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'xs' },
      styles: { root: { textTransform: 'none', fontWeight: 500, letterSpacing: 0 } },
    }),
    Progress: Progress.extend({ defaultProps: { size: 6, radius: 'xs' } }),
    Tabs: Tabs.extend({ defaultProps: { variant: 'default' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 0, horizontalSpacing: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, fz: 12 } }),
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        radius: 'lg',
        centered: true,
        transitionProps: { duration: 120 },
      },
      styles: { title: { fontSize: 'var(--lf-fs-16)', fontWeight: 600 } },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 90 } } }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' } }),
  },
});

/** Foreground, background, least ratio: hold these in a unit test over both schemes. */
export const checkedPairs: ReadonlyArray<readonly [string, string, number]> = [
  ...['canvas', 'sunken', 'raised', 'hover', 'selected'].flatMap((bg) =>
    ['text', 'text-2', 'text-3', 'accent-text'].map((fg) => [`--lf-${fg}`, `--lf-${bg}`, 4.5] as const),
  ),
  ...['done', 'look', 'fail'].flatMap(
    (s) =>
      [
        [`--lf-${s}-text`, `--lf-${s}-bg`, 4.5],
        [`--lf-${s}-text`, '--lf-canvas', 4.5],
        [`--lf-${s}-text`, '--lf-hover', 4.5],
        [`--lf-on-${s}`, `--lf-${s}-fill`, 4.5],
      ] as const,
  ),
  ['--lf-accent-text', '--lf-accent-bg', 4.5],
  ['--lf-text-2', '--lf-chip', 4.5],
  ['--lf-on-idle', '--lf-idle-fill', 4.5],
  ...['canvas', 'sunken', 'raised'].map((bg) => ['--lf-line-control', `--lf-${bg}`, 3] as const),
  ...['c1', 'c2', 'c3', 'c4', 'c-done', 'c-fail', 'accent', 'focus'].flatMap((c) =>
    ['canvas', 'raised'].map((bg) => [`--lf-${c}`, `--lf-${bg}`, 3] as const),
  ),
];

/*
 * Rules that Mantine cannot carry; they belong in the one global style sheet, after @mantine/core/styles.css:
 *
 * :focus-visible { outline: 2px solid var(--lf-focus); outline-offset: 1px; }
 * [role='grid'] :focus-visible { outline-offset: -2px; }
 * .num { font-variant-numeric: tabular-nums; }
 * .mantine-Checkbox-input:not(:checked) { border-color: var(--lf-line-control); }
 * .mantine-SegmentedControl-root { background: var(--lf-chip); }
 * .mantine-SegmentedControl-indicator { background: var(--lf-seg); }
 * .mantine-InputWrapper-label { font-weight: 500; margin-bottom: 4px; }
 * .strike { color: var(--lf-fail-text); background: var(--lf-fail-bg); text-decoration: line-through; border-radius: 2px; }
 * @media (prefers-reduced-motion: reduce) { :root { --lf-fast: 0ms; --lf-slow: 0ms; } }
 */
