import { Bell, Bot, CalendarClock, CircleDot, ClipboardCheck, KeyRound, Lock, MessageCircle, MessageSquare, RadioTower, Server, Settings, SquareKanban, SquareTerminal, type LucideIcon } from 'lucide-react';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  message: MessageSquare,
  chat: MessageCircle,
  channel: RadioTower,
  task: SquareKanban,
  lock: Lock,
  agent: Bot,
  group: Bot,
  run: SquareTerminal,
  completion: ClipboardCheck,
  session: KeyRound,
  schedule: CalendarClock,
  notification: Bell,
  settings: Settings,
  system: Server,
};

/** The area of a log line as a sign; the word stands elsewhere. */
export function EventIcon({ kind }: { readonly kind: string }) {
  const Icon = ICONS[kind] ?? CircleDot;
  return <Icon size={14} aria-hidden />;
}
