import type { Teammate } from './teammate.ts';

export interface Crew {
  readonly FE: Teammate;
  readonly BE: Teammate;
  readonly AI: Teammate;
  readonly Producer: Teammate;
}

const PLAN = 'release-1.4';

/**
 * A small release: the Producer plans, three agents build, two of them want the same resources, one is blocked and
 * asks. Nobody waits for a time; everybody waits for messages, tasks and locks.
 */
export async function release(crew: Crew): Promise<void> {
  await Promise.all([producer(crew.Producer), backEnd(crew.BE), frontEnd(crew.FE), ai(crew.AI)]);
}

async function producer(me: Teammate): Promise<void> {
  const table = await me.createTask('Table for passkeys', 'BE', { priority: 1, detail: 'One row per credential; a user may have several.' });
  const api = await me.createTask('API to register a passkey', 'BE', { priority: 2, depends_on: [table] });
  await me.work(1500);
  const form = await me.createTask('Sign-in form with passkeys', 'FE', { priority: 2, depends_on: [api] });
  const names = await me.createTask('기기 이름 추천', 'AI', { priority: 3, detail: '등록할 때 기기 이름을 제안한다. 예: "지수의 노트북".' });
  await me.work(1500);
  const deploy = await me.createTask('Deploy 1.4 to the NAS', 'BE', { priority: 1, depends_on: [api, form, names] });
  await me.createTask('릴리스 노트 (한국어, English)', 'AI', { priority: 4, depends_on: [form] });
  await me.tell('BE', `Release 1.4 is passkeys. Please start with #${table}; FE waits for #${api}.`, { thread: PLAN, wantsAnswer: true });
  await me.tell('FE', `이번 릴리스는 패스키 로그인입니다. #${form}을 맡아 주세요. API는 BE가 준비합니다.`, { thread: PLAN, wantsAnswer: true });
  await me.tell('AI', `#${names} 먼저, 그다음 릴리스 노트를 부탁해요.`, { thread: PLAN, wantsAnswer: true });

  const question = await me.hear('AI', 'names');
  await me.work(3000);
  await me.tell('AI', '이메일 주소는 쓰지 말고 운영체제 이름만 쓰세요. 개인정보라서요.', { answering: question, urgent: true });

  await me.hear('BE', 'deployed');
  const check = await me.createTask('Check 1.4 on the NAS', 'Producer', { priority: 1, depends_on: [deploy] });
  await me.claimNext();
  await me.work(4000);
  await me.updateTask(check, 'done', 'Signed in with a passkey on two devices.');
  for (const role of ['FE', 'BE', 'AI']) await me.tell(role, '1.4 is out. 수고했어요!', { thread: PLAN });
}

async function backEnd(me: Teammate): Promise<void> {
  await me.hear('Producer', PLAN);
  const table = await me.claimNext();
  await me.underLock('stock-db-schema', 'new table passkeys', async (fence) => {
    await me.work(5000);
    await me.renew('stock-db-schema');
    await me.work(6000);
    await me.updateTask(table.id, 'done', `Migration 0031 is in, written under fence ${fence}.`);
  });
  const api = await me.claimNext();
  const asked = await me.hear('FE', 'api');
  await me.work(2500);
  await me.tell('FE', 'POST /v1/passkeys, then POST /v1/passkeys/{id}/verify. The challenge lives for two minutes.', { answering: asked });
  await me.work(6000);
  await me.updateTask(api.id, 'done', 'Both routes work; examples are in docs/passkeys.md.');
  await me.tell('FE', `#${api.id} is done, your form can use it.`, { thread: 'api' });

  await me.hear('FE', 'form');
  await me.hear('AI', 'names');
  const deploy = await me.claimNext();
  await me.underLock('nas-deploy', 'deploy 1.4', async (fence) => {
    await me.work(3000);
    // FE still works on nginx-conf: this waits in its queue and gets it the moment FE lets go.
    await me.underLock('nginx-conf', 'route /v1/passkeys', async () => me.work(4000));
    await me.work(4000);
    await me.updateTask(deploy.id, 'done', `1.4 runs on the NAS (fence ${fence}).`);
  });
  await me.tell('Producer', `1.4 is on the NAS. Please check it.`, { thread: 'deployed', wantsAnswer: true });
  await me.hear('Producer', PLAN);
}

async function frontEnd(me: Teammate): Promise<void> {
  await me.hear('Producer', PLAN);
  await me.work(2000);
  await me.tell('BE', '패스키 등록 API 주소와 순서를 알려 주세요. 폼부터 만들고 있을게요.', { thread: 'api', wantsAnswer: true });
  await me.hear('BE', 'api');
  await me.work(3000);
  await me.hear('BE', 'api');
  const form = await me.claimNext();
  await me.work(8000);
  await me.underLock('nginx-conf', 'content security policy for WebAuthn', async () => {
    await me.work(3000);
    await me.updateTask(form.id, 'done', '키보드와 스크린 리더로 확인했습니다.');
    await me.tell('BE', `#${form.id} is done. I still finish the CSP header in nginx-conf.`, { thread: 'form' });
    await me.tell('AI', `#${form.id} is done; here are the screens for the notes.`, { thread: 'form' });
    await me.work(8000);
  });
  await me.hear('Producer', PLAN);
}

async function ai(me: Teammate): Promise<void> {
  await me.hear('Producer', PLAN);
  const names = await me.claimNext();
  await me.work(2500);
  await me.updateTask(names.id, 'blocked', 'May the suggestion use the e-mail address?');
  await me.tell('Producer', '이메일 주소로 기기 이름을 만들어도 되나요?', { thread: 'names', urgent: true, wantsAnswer: true });
  await me.hear('Producer', 'names');
  await me.updateTask(names.id, 'in_progress', 'Operating system only, no e-mail address.');
  // BE holds the same resource at this time, so this one waits its turn.
  await me.underLock('stock-db-schema', 'column device_name', async () => me.work(4000));
  await me.updateTask(names.id, 'done', '제안 예: "Windows 노트북", "Mac mini".');
  await me.tell('BE', `#${names.id} is done, the column device_name is in.`, { thread: 'names' });

  await me.hear('FE', 'form');
  const notes = await me.claimNext();
  await me.work(7000);
  await me.updateTask(notes.id, 'done', '릴리스 노트를 두 언어로 올렸습니다.');
  await me.hear('Producer', PLAN);
}
