import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

const LABEL = 12;
const TEXT = 56;

/** Where people watch. Colours only where somebody sees them. */
export interface Screen {
  title(text: string, detail: string): void;
  act(number: number, text: string, detail: string): void;
  /** One step: what, what came of it, and how long it took. */
  step(label: string, text: string, more?: StepDetail): void;
  line(text?: string): void;
}

export interface StepDetail {
  readonly seconds?: number;
  readonly calls?: number;
  readonly mood?: 'good' | 'bad' | 'news';
}

export interface ScreenOptions {
  readonly write: (text: string) => void;
  readonly colours: boolean;
}

const STYLE_OF: Readonly<Record<NonNullable<StepDetail['mood']>, Style>> = {
  good: 'green',
  bad: 'red',
  news: 'yellow'
};

const measured = ({ seconds, calls }: StepDetail): string => {
  const time = seconds === undefined ? '' : `${seconds.toFixed(1)} s`.padStart(7);
  return calls === undefined || calls === 0 ? time : `${time}   ${calls} API ${calls === 1 ? 'call' : 'calls'}`;
};

export const createScreen = ({ write, colours }: ScreenOptions): Screen => {
  const styled = (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const line = (text = ''): void => write(`${text.trimEnd()}\n`);
  return {
    line,
    title: (text, detail) => {
      line(styled('bold', text));
      line(styled('dim', detail));
    },
    act: (number, text, detail) => {
      line();
      line(`${styled('bold', `${number}  ${text}`)}  ${styled('dim', detail)}`);
    },
    step: (label, text, more = {}) => {
      const padded = text.padEnd(TEXT);
      const shown = more.mood === undefined ? padded : styled(STYLE_OF[more.mood], padded);
      line(`   ${styled('dim', label.padEnd(LABEL))}${shown} ${styled('dim', measured(more))}`);
    }
  };
};
