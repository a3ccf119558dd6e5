import { sampleReport } from '../../__tests__/fakes/delivery-report.ts';
import type { DeliveryReport } from '../../src/domain/report.ts';

const AWKWARD = [
  'A title that goes on and on, as titles do when somebody pastes the whole description of the problem into the first line and nobody stops them '.repeat(
    2
  ),
  'Supercalifragilisticexpialidocious'.repeat(8),
  'תיקון שגיאה בעגלת הקניות (v2)',
  'إصلاح السعر عند الدفع',
  '🚀🎉 Ship it 👩‍👩‍👧‍👦 faster 🇧🇷',
  '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(1)>',
  '正在加载购物车时出错'
];
const AWKWARD_PEOPLE = ['דנה-כהן', 'محمد', '👩‍💻 dev', 'a-name-that-is-as-long-as-names-may-be-on-github-39x', 'ana'];

/** What the page has to look good with. */
export const SAMPLES: Readonly<Record<string, () => DeliveryReport>> = {
  'deliveries-0': () => sampleReport({ deliveries: 0 }),
  'deliveries-1': () => sampleReport({ deliveries: 1, waiting: false }),
  'deliveries-50': () => sampleReport({ deliveries: 50 }),
  'deliveries-1000': () => sampleReport({ deliveries: 1000 }),
  'deliveries-5000': () => sampleReport({ deliveries: 5000 }),
  awkward: () => sampleReport({ deliveries: 30, subjects: AWKWARD, people: AWKWARD_PEOPLE, stopped: true }),
  components: () => sampleReport({ deliveries: 20, components: ['', 'api', 'worker'] }),
  untitled: () => sampleReport({ deliveries: 12, titles: false, stopped: true })
};
