import type { Page } from '@playwright/test';
import { startCore } from '../support/start-core.ts';
import { expect, test } from '../support/windows/rig.ts';

const column = (page: Page, name: string) => page.getByRole('region', { name });
const card = (page: Page, title: string) => page.getByRole('button', { name: title });

test.describe('what agents do appears by itself', () => {
  test('a message, a task and a lock show up without a reload', async ({ windows: { page, teammate, show } }) => {
    const backend = await teammate('BE');
    await backend.use('post_message', { to_role: 'Producer', body: 'The endpoint is ready', importance: 'high' });
    await expect(page.getByRole('region', { name: 'Needs you' }).getByText('The endpoint is ready')).toBeVisible();

    await show('board');
    await backend.use('create_task', { title: 'Write the tests', assignee_role: 'BE' });
    await expect(column(page, 'Open').getByText('Write the tests')).toBeVisible();
    await backend.use('claim_next_task');
    await expect(column(page, 'In progress').getByText('Write the tests')).toBeVisible();

    await show('locks');
    await backend.use('acquire_lock', { resource: 'nas-deploy', intent: 'deploying' });
    await expect(page.getByRole('row', { name: /nas-deploy/ })).toContainText('BE');
    await expect(page.getByRole('row', { name: /nas-deploy/ }).getByRole('timer')).toHaveText(/^[45]:\d\d$/);
  });

  test('the activity tells all of it, and filters by kind, role and words', async ({ windows: { page, teammate, show } }) => {
    const [backend, frontend] = [await teammate('BE'), await teammate('FE')];
    await backend.use('acquire_lock', { resource: 'compose' });
    await backend.use('post_message', { to_role: 'FE', body: '배포를 시작합니다' });
    await frontend.use('post_message', { to_role: 'BE', body: 'Please wait for the tests' });
    await show('activity');
    const feed = page.getByRole('listbox', { name: 'Activity' });
    await expect(feed.getByRole('option', { name: /to FE: 배포를 시작합니다/ })).toBeVisible();

    await page.getByLabel('Kind').selectOption('Lock');
    await expect(feed.getByRole('option')).toHaveText([/BE.*locked compose/]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Role').selectOption('FE');
    await expect(feed.getByText('배포를 시작합니다')).toBeHidden();
    await expect(feed.getByText('to BE: Please wait for the tests')).toBeVisible();
    await page.getByLabel('Role').selectOption('All roles');
    await page.getByRole('searchbox').fill('배포');
    await expect(feed.getByRole('option')).toHaveText([/to FE: 배포를 시작합니다/]);
    await page.getByRole('searchbox').fill('nothing has this');
    await expect(page.getByText('No activity matches these filters')).toBeVisible();
  });

  test('new activity does not move what is being read, and is one click away', async ({ windows: { core, page, show } }) => {
    for (let n = 1; n <= 60; n += 1) await core.call('tasks.create', { title: `Task number ${n}`, assignee_role: 'FE' });
    await show('activity');
    const feed = page.getByRole('listbox', { name: 'Activity' });
    await expect(feed.getByText('Task number 60', { exact: true })).toBeVisible();
    await feed.hover();
    await page.mouse.wheel(0, 1_000);
    const read = feed.getByText('Task number 30', { exact: true });
    await expect(read).toBeVisible();
    const before = await read.boundingBox();

    for (let n = 61; n <= 63; n += 1) await core.call('tasks.create', { title: `Task number ${n}`, assignee_role: 'FE' });
    await expect(page.getByRole('button', { name: '3 new' })).toBeVisible();
    expect(await read.boundingBox()).toEqual(before);
    await page.getByRole('button', { name: '3 new' }).click();
    await expect(feed.getByText('Task number 63', { exact: true })).toBeVisible();
    await core.call('tasks.create', { title: 'Task number 64', assignee_role: 'FE' });
    await expect(feed.getByText('Task number 64', { exact: true })).toBeVisible();
  });
});

test.describe('messages', () => {
  test('the person writes, and sees how far the message gets', async ({ windows: { page, teammate, show } }) => {
    const frontend = await teammate('FE');
    await show('messages');
    await page.getByRole('button', { name: 'New message' }).first().click();
    await page.getByLabel('To', { exact: true }).selectOption('FE');
    await page.getByLabel('Message', { exact: true }).fill('릴리스 노트를\n오늘까지 보내 주세요');
    await page.getByLabel('Ask for acknowledgement').check();
    await page.getByRole('button', { name: /^Send/ }).click();

    const conversation = page.getByRole('complementary', { name: 'Conversation' });
    await expect(conversation.getByText('릴리스 노트를')).toBeVisible();
    await expect(conversation.locator('summary', { hasText: 'Accepted · acknowledgement asked' })).toBeVisible();
    const { messages } = await frontend.use('read_inbox', { mark_read: true });
    const [{ id }] = messages as [{ readonly id: number }];
    await expect(conversation.locator('summary', { hasText: 'Read · acknowledgement asked' })).toBeVisible();
    await frontend.use('ack_message', { message_id: id });
    await expect(conversation.locator('summary')).toHaveText('Acknowledged');
    await conversation.locator('summary').click();
    await expect(conversation.getByRole('definition')).toHaveCount(4);
    await expect(conversation.getByText('not yet')).toHaveCount(0);
  });

  test('what lies on the screen is marked read, what does not is not', async ({ windows: { core, page, teammate, show } }) => {
    const [backend, ai] = [await teammate('BE'), await teammate('AI')];
    await backend.use('post_message', { to_role: 'Producer', body: 'first from BE' });
    await ai.use('post_message', { to_role: 'Producer', body: 'one from AI' });
    await backend.use('post_message', { to_role: 'Producer', body: 'second from BE' });
    const readBodies = async () => {
      const { messages } = await core.call('messages.list', { role: 'Producer', limit: 10 });
      return messages.filter(({ read_at }) => read_at !== null).map(({ body }) => body);
    };
    await show('messages');
    await page.getByRole('option', { name: /second from BE/ }).click();
    await expect.poll(readBodies).toEqual(['first from BE']);
    await page.getByRole('option', { name: /one from AI/ }).click();
    await expect.poll(readBodies).toEqual(['second from BE', 'one from AI', 'first from BE']);
    await expect(page.getByRole('link', { name: 'Messages' })).toHaveAccessibleName('Messages');
  });

  test('an acknowledgement that is asked of the person is given from the overview', async ({ windows: { page, teammate } }) => {
    const backend = await teammate('BE');
    const { message_id } = await backend.use('post_message', { to_role: 'Producer', body: 'Deploy at three?', ack_required: true });
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(page.getByText('Nothing is waiting for you.')).toBeVisible();
    const { events } = await backend.use('team_log', {});
    expect((events as { text: string }[]).map(({ text }) => text)).toContain(`Producer acknowledged message #${String(message_id)}`);
  });

  test('search finds two syllables of Korean, also in messages that are not on the screen', async ({ windows: { core, page, teammate, show } }) => {
    const backend = await teammate('BE');
    await backend.use('post_message', { to_role: 'FE', body: '데이터베이스 스키마를 변경했습니다', thread_id: 'schema' });
    for (let n = 0; n < 320; n += 1) await core.call('messages.post', { to_role: 'AI', body: `filler ${n}` });
    await page.reload();
    await show('messages');
    await page.getByRole('searchbox').fill('스키');
    await page.getByRole('link', { name: /스키마를 변경했습니다/ }).click();
    const conversation = page.getByRole('complementary', { name: 'Conversation' });
    await expect(conversation.getByText('데이터베이스 스키마를 변경했습니다')).toBeVisible();
    await expect(conversation.getByText('schema', { exact: true })).toBeVisible();
  });
});

test('a conversation shows only its own messages, also those that lie far back', async ({ windows: { core, page, teammate, show } }) => {
  const backend = await teammate('BE');
  await backend.use('post_message', { to_role: 'FE', body: 'between BE and FE, long ago' });
  for (let n = 0; n < 350; n += 1) await core.call('messages.post', { to_role: 'BE', body: `from the person ${n}` });
  await page.reload();
  await show('messages');
  const list = page.getByRole('listbox', { name: 'Conversations' });
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.getByRole('button', { name: 'Older conversations' }).click();
  await expect(list.getByRole('option')).toHaveCount(2);
  await list.getByRole('option', { name: /long ago/ }).click();
  const conversation = page.getByRole('complementary', { name: 'Conversation' });
  await expect(conversation.getByRole('listitem')).toHaveText([/between BE and FE, long ago/]);
});

test.describe('the board', () => {
  test('a task is created, and an agent finds it', async ({ windows: { page, teammate, show } }) => {
    const frontend = await teammate('FE');
    await show('board');
    await page.getByRole('button', { name: 'New task' }).first().click();
    await page.getByLabel('Title').fill('차트 그리기');
    await page.getByLabel('Assign to').selectOption('FE');
    await page.getByLabel('Priority').selectOption('1 · First');
    await page.getByLabel('Waits for').fill('#99');
    await expect(page.getByText('There is no task #99 on the board')).toBeVisible();
    await page.getByLabel('Waits for').fill('');
    await page.getByRole('button', { name: 'Create task' }).click();
    await expect(column(page, 'Open').getByText('차트 그리기')).toBeVisible();
    expect(await frontend.use('claim_next_task')).toMatchObject({ ok: true, task: { title: '차트 그리기', priority: 1 } });
    await expect(column(page, 'In progress').getByText('claimed by FE')).toBeVisible();
  });

  test('a card moves by dragging', async ({ windows: { core, page, show } }) => {
    await core.call('tasks.create', { title: 'Draggable', assignee_role: 'BE' });
    await show('board');
    await card(page, 'Draggable').dragTo(column(page, 'Done'));
    await expect(column(page, 'Done').getByText('Draggable')).toBeVisible();
    await expect.poll(async () => (await core.call('tasks.list', {})).tasks[0]?.status).toBe('done');
  });

  test('cards of different heights keep apart when one of them leaves', async ({ windows: { core, page, show } }) => {
    const titles = ['Short', 'Long '.repeat(30), 'Short too', 'Longer '.repeat(25), 'Short again'];
    for (const title of titles) await core.call('tasks.create', { title: title.trim(), assignee_role: 'BE' });
    await show('board');
    const cards = column(page, 'Open').getByRole('listitem');
    await expect(cards).toHaveCount(5);
    await page.getByRole('button', { name: /#1 ?BE ?Short/ }).dragTo(column(page, 'Done'));
    await expect(cards).toHaveCount(4);
    const gaps = async (): Promise<readonly number[]> => {
      const boxes = await Promise.all((await cards.all()).map(async (item) => item.boundingBox()));
      return boxes.slice(1).map((box, at) => Math.round(box!.y - boxes[at]!.y - boxes[at]!.height));
    };
    await expect.poll(gaps).toEqual([6, 6, 6]);
  });

  test('a move that the core refuses is taken back and explained', async ({ windows: { core, page, show } }) => {
    await core.call('tasks.create', { title: 'Of the backend', assignee_role: 'BE' });
    await show('board');
    await card(page, 'Of the backend').dragTo(column(page, 'In progress'));
    await expect(page.getByText('Task #1 was not moved')).toBeVisible();
    await expect(page.getByText('Only BE can start this task, because it is assigned to it. Reassign it first.')).toBeVisible();
    await expect(column(page, 'Open').getByText('Of the backend')).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.getByText('Task #1 was not moved')).toBeHidden();
  });

  test('a task is reassigned with a reason, and then claimed by the person', async ({ windows: { core, page, teammate, show } }) => {
    const backend = await teammate('BE');
    await core.call('tasks.create', { title: 'Stuck work', assignee_role: 'BE' });
    await backend.use('claim_next_task');
    await show('board/1');
    const pane = page.getByRole('complementary', { name: 'Task #1' });
    await pane.getByRole('button', { name: 'Reassign…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reassign task #1' });
    await expect(dialog.getByRole('button', { name: 'Reassign…' })).toBeDisabled();
    await dialog.getByLabel('Assign to').selectOption('Producer');
    await dialog.getByLabel('Reason').fill('I do it myself');
    await dialog.getByRole('button', { name: 'Reassign…' }).click();
    await expect(pane.getByText(/reassigned to Producer by Producer: I do it myself/)).toBeVisible();
    await pane.getByRole('button', { name: 'Claim' }).click();
    await expect(column(page, 'In progress').getByText('Stuck work')).toBeVisible();
    await expect(pane.getByText('claimed #1').first()).toBeVisible();
    const { messages } = await backend.use('read_inbox', {});
    expect(JSON.stringify(messages)).toContain('I do it myself');
  });

  test('the history of a task is its own, back to its creation', async ({ windows: { core, page, teammate, show } }) => {
    const backend = await teammate('BE');
    await core.call('tasks.create', { title: 'The first', assignee_role: 'BE' });
    await backend.use('claim_next_task');
    for (let n = 0; n < 600; n += 1) await core.call('tasks.create', { title: `Filler ${n}`, assignee_role: 'FE' });
    await page.reload();
    await show('board/1');
    const pane = page.getByRole('complementary', { name: 'Task #1' });
    await expect(pane.getByRole('list').last().getByRole('listitem')).toHaveText([/claimed #1/, /created #1 for BE/]);
  });

  test('a link to a task that is not there says so', async ({ windows: { page, show } }) => {
    await show('board/4711');
    await expect(page.getByRole('complementary', { name: 'Task #4711' })).toContainText('Not on the board');
  });

  test('a note is written, and another one’s change in between is not overwritten', async ({ windows: { core, page, show } }) => {
    await core.call('tasks.create', { title: 'Shared', assignee_role: 'BE' });
    await show('board/1');
    const pane = page.getByRole('complementary', { name: 'Task #1' });
    await pane.getByLabel('Note').fill('Halfway there');
    await pane.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await core.call('tasks.list', {})).tasks[0]?.note).toBe('Halfway there');
    await expect(pane.getByRole('button', { name: 'Save' })).toBeHidden();

    await page.route(
      '**/v1/call/tasks.update',
      async (route) => {
        await core.call('tasks.update', { task_id: 1, title: 'Changed meanwhile' });
        await route.continue();
      },
      { times: 1 },
    );
    await pane.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('menuitemradio', { name: 'Blocked' }).click();
    await expect(page.getByText(/Somebody changed it in the meantime/)).toBeVisible();
    await expect(column(page, 'Open').getByText('Changed meanwhile')).toBeVisible();
  });
});

test('a lock is taken away with a reason: the holder is told and the next in the queue gets it', async ({ windows: { page, teammate, show } }) => {
  const [backend, frontend] = [await teammate('BE'), await teammate('FE')];
  await backend.use('acquire_lock', { resource: 'nas-deploy', intent: 'deploying' });
  const waiting = frontend.use('acquire_lock', { resource: 'nas-deploy', wait_sec: 30 });
  await show('locks');
  await page.getByRole('row', { name: /nas-deploy/ }).click();
  const pane = page.getByRole('complementary', { name: 'Lock nas-deploy' });
  await expect(pane.getByRole('listitem')).toHaveText(/1FE/);
  await pane.getByRole('button', { name: 'Force release…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Force release nas-deploy?' });
  await expect(dialog.getByRole('button', { name: 'Force release' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('BE does not answer');
  await dialog.getByRole('button', { name: 'Force release' }).click();
  await expect(page.getByText('nas-deploy was released')).toBeVisible();
  expect(await waiting).toMatchObject({ acquired: true });
  await expect(page.getByRole('row', { name: /nas-deploy/ })).toContainText('FE');
  const { messages } = await backend.use('read_inbox', {});
  expect(JSON.stringify(messages)).toContain('BE does not answer');
});

test.describe('settings', () => {
  test('language and theme change at once, for every window and after a reload', async ({ windows: { core, page } }) => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('menuitemradio', { name: '한국어' }).click();
    await expect(page.getByRole('heading', { name: '개요', level: 1 })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await page.getByRole('button', { name: '설정', exact: true }).click();
    await page.getByRole('menuitemradio', { name: '다크' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(page.getByRole('heading', { name: '개요', level: 1 })).toBeVisible();

    await core.call('settings.set', { language: 'en', theme: 'light' });
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });

  test('a change of the theme fades nothing, so that every text can be read at once', async ({ windows: { core, page, show } }) => {
    await core.call('settings.set', { theme: 'light' });
    await show('agents/new');
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
    await page.evaluate("document.documentElement.style.setProperty('--motion', '60s')");
    await core.call('settings.set', { theme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await page.evaluate('document.getAnimations().map((animation) => animation.effect.target.outerHTML)')).toEqual([]);
  });

  test.describe('on a Korean system', () => {
    test.use({ locale: 'ko-KR' });
    test('the first window is Korean', async ({ windows: { page } }) => {
      await expect(page.getByRole('heading', { name: '첫 에이전트 연결하기' })).toBeVisible();
    });
  });
});

test.describe('when the connection breaks', () => {
  test('the window says so calmly, comes back by itself and shows what was missed', async ({ windows: { core, page, show } }) => {
    let cut: (() => Promise<void>) | null = null;
    let away = false;
    await page.routeWebSocket('**/v1/live', async (line) => {
      if (away) return line.close({ code: 3000 });
      line.connectToServer();
      cut = async () => line.close({ code: 3000 });
    });
    await page.reload();
    await show('board');
    await expect(page.getByText('No tasks yet')).toBeVisible();

    away = true;
    await cut!();
    await expect(page.getByText(/Connection lost. Trying again/)).toBeVisible();
    await core.call('tasks.create', { title: 'Made meanwhile', assignee_role: 'FE' });
    await expect(card(page, 'Made meanwhile')).toBeHidden();
    away = false;
    await expect(card(page, 'Made meanwhile')).toBeVisible();
    await expect(page.getByText(/Connection lost/)).toBeHidden();
  });

  test('a page whose code could not be fetched comes as soon as it can be', async ({ windows: { page, show } }) => {
    let refused = 0;
    await page.route('**/assets/channels-page-*.js', async (route) => {
      refused += 1;
      await route.abort();
    });
    await page.reload();
    await expect.poll(() => refused).toBeGreaterThan(1);
    await show('channels');
    await page.unroute('**/assets/channels-page-*.js');
    await expect(page.getByRole('heading', { name: 'Channels', level: 1 })).toBeVisible();
  });

  test('a restarted core asks for a new link, and with it everything is there again', async ({ windows: { core, page, show }, rendererDir }) => {
    await core.call('tasks.create', { title: 'Survives', assignee_role: 'FE' });
    await show('board');
    await expect(card(page, 'Survives')).toBeVisible();
    const port = Number(new URL(core.url).port);
    await core.core.stop();
    await expect(page.getByText(/Connection lost. Trying again/)).toBeVisible();
    const again = await startCore({ dataDir: core.dataDir, rendererDir, config: { server: { port } } });
    try {
      await expect(page.getByRole('heading', { name: 'This window needs a new link' })).toBeVisible();
      await expect(page.getByText('wheelhouse ui', { exact: true })).toBeVisible();
      await page.goto(again.core.uiLink());
      await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
      await show('board');
      await expect(card(page, 'Survives')).toBeVisible();
    } finally {
      await again.core.stop();
    }
  });

  test('a call that cannot be made is told, and what was asked is taken back', async ({ windows: { core, page, show } }) => {
    await core.call('tasks.create', { title: 'Stays', assignee_role: 'FE' });
    await show('board');
    await page.route('**/v1/call/**', async (route) => route.abort());
    await card(page, 'Stays').dragTo(column(page, 'Blocked'));
    await expect(page.getByText('Wheelhouse does not answer. Try again once it runs.')).toBeVisible();
    await expect(column(page, 'Open').getByText('Stays')).toBeVisible();
  });
});
