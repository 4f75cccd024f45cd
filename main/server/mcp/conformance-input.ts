import {
  CLIENT_CAPABILITIES_META_KEY, acceptedContent, inputRequired, inputResponse, type ClientCapabilities,
  type InputRequests, type McpServer, type RequestStateCodec, type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

const text = (value: string) => ({ type: 'text' as const, text: value });
const say = (value: string) => ({ content: [text(value)] });

const nameForm = z.object({ name: z.string() });
const colourForm = z.object({ color: z.string() });
const okForm = z.object({ ok: z.boolean() });

const askName = (message = 'What is your name?') => inputRequired.elicit({ message, requestedSchema: nameForm });
const askModel = (prompt: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(prompt) }], maxTokens });

function capabilitiesOf(ctx: ServerContext): ClientCapabilities {
  const envelope = ctx.mcpReq.envelope as Record<string, unknown> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
}

/** Tools of the official suite that ask an older client for something in the middle of a call. */
export function registerAskingTools(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of the client.', inputSchema: z.object({ prompt: z.string().describe('The prompt to send to the model') }) },
    async ({ prompt }, ctx) => {
      const { content } = await ctx.mcpReq.requestSampling({ messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 });
      const first = Array.isArray(content) ? content[0] : content;
      return say(`LLM response: ${first?.type === 'text' ? first.text : ''}`);
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person at the client.', inputSchema: z.object({ message: z.string().describe('The message to show the user') }) },
    async ({ message }, ctx) => {
      const properties = {
        username: { type: 'string' as const, description: "User's response" },
        email: { type: 'string' as const, description: "User's email address" },
      };
      const answer = await ctx.mcpReq.elicitInput({
        message,
        requestedSchema: { type: 'object', properties, required: ['username', 'email'] },
      });
      return say(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
    },
  );
  server.registerTool('test_elicitation_sep1034_defaults', { description: 'Asks with defaults for every kind of value.' }, async (ctx) => {
    const answer = await ctx.mcpReq.elicitInput({
      message: 'Check these values.',
      requestedSchema: {
        type: 'object',
        properties: {
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        },
      },
    });
    return say(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
  });
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Asks with every kind of choice.' }, async (ctx) => {
    const titled = (noun: string) => ['First', 'Second', 'Third'].map((nth, index) => ({ const: `value${index + 1}`, title: `${nth} ${noun}` }));
    const options = ['option1', 'option2', 'option3'];
    const answer = await ctx.mcpReq.elicitInput({
      message: 'Choose.',
      requestedSchema: {
        type: 'object',
        properties: {
          untitledSingle: { type: 'string', enum: options },
          titledSingle: { type: 'string', oneOf: titled('Option') },
          legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
          untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
          titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
        },
      },
    });
    return say(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
  });
}

/** Tools and the prompt of the official suite that answer `input_required` (2026-07-28). */
export function registerInputRequiredTools(server: McpServer, state: RequestStateCodec): void {
  const askForName = (ctx: ServerContext) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_name', nameForm);
    return answer === undefined ? inputRequired({ inputRequests: { user_name: askName() } }) : say(`Hello, ${answer.name}!`);
  };
  server.registerTool('test_input_required_result_elicitation', { description: 'Needs a name.' }, askForName);
  server.registerTool('test_streaming_elicitation', { description: 'Needs a name.' }, askForName);
  server.registerTool('test_input_required_result_sampling', { description: 'Needs the model of the client.' }, (ctx) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'capital_question');
    if (view.kind !== 'sampling') {
      return inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?', 100) } });
    }
    return say(JSON.stringify(view.result.content));
  });
  server.registerTool('test_input_required_result_list_roots', { description: 'Needs the roots of the client.' }, (ctx) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
    if (view.kind !== 'roots') return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    return say(`Roots: ${JSON.stringify(view.roots)}`);
  });

  const confirm = async (ctx: ServerContext) => {
    if (ctx.mcpReq.requestState() === undefined || acceptedContent(ctx.mcpReq.inputResponses, 'confirm', okForm) === undefined) {
      const inputRequests = { confirm: inputRequired.elicit({ message: 'Please confirm', requestedSchema: okForm }) };
      return inputRequired({ inputRequests, requestState: await state.mint({ step: 'confirm' }, ctx) });
    }
    return say('state-ok');
  };
  server.registerTool('test_input_required_result_request_state', { description: 'Needs a confirmation and its state.' }, confirm);
  server.registerTool('test_input_required_result_tampered_state', { description: 'Refuses a changed state.' }, confirm);

  server.registerTool('test_input_required_result_multiple_inputs', { description: 'Needs three things at once.' }, async (ctx) => {
    const responses = ctx.mcpReq.inputResponses;
    const kinds = ['user_name', 'greeting', 'client_roots'].map((key) => inputResponse(responses, key).kind);
    if (ctx.mcpReq.requestState() !== undefined && !kinds.includes('missing')) return say(`Received: ${kinds.join(', ')}`);
    return inputRequired({
      inputRequests: { user_name: askName(), greeting: askModel('Generate a greeting', 50), client_roots: inputRequired.listRoots() },
      requestState: await state.mint({ step: 'all' }, ctx),
    });
  });
  server.registerTool('test_input_required_result_multi_round', { description: 'Needs two answers, one after the other.' }, async (ctx) => {
    const known = ctx.mcpReq.requestState<{ name?: string }>();
    if (known?.name === undefined) {
      const first = known === undefined ? undefined : acceptedContent(ctx.mcpReq.inputResponses, 'step1', nameForm);
      if (first === undefined) {
        return inputRequired({ inputRequests: { step1: askName('Step 1: What is your name?') }, requestState: await state.mint({}, ctx) });
      }
      const step2 = inputRequired.elicit({ message: 'Step 2: What is your favorite color?', requestedSchema: colourForm });
      return inputRequired({ inputRequests: { step2 }, requestState: await state.mint({ name: first.name }, ctx) });
    }
    const second = acceptedContent(ctx.mcpReq.inputResponses, 'step2', colourForm);
    return say(`${known.name} likes ${second?.color ?? 'no colour'}.`);
  });

  server.registerTool('test_input_required_result_capabilities', { description: 'Asks only for what the client can do.' }, (ctx) => {
    const can = capabilitiesOf(ctx);
    const inputRequests: InputRequests = {
      ...(can.elicitation !== undefined && { user_name: askName() }),
      ...(can.sampling !== undefined && { question: askModel('What is the capital of France?', 100) }),
      ...(can.roots !== undefined && { client_roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).length === 0 ? say('The client can do nothing of it.') : inputRequired({ inputRequests });
  });
  server.registerTool('test_missing_capability', { description: 'Needs a client that can sample.' }, (ctx) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'question');
    return view.kind === 'sampling' ? say('The client can sample.') : inputRequired({ inputRequests: { question: askModel('Hello?', 10) } });
  });
  server.registerPrompt('test_input_required_result_prompt', { description: 'A prompt that needs a context.' }, (ctx) => {
    const contextForm = z.object({ context: z.string() });
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_context', contextForm);
    if (answer === undefined) {
      const user_context = inputRequired.elicit({ message: 'What context should the prompt use?', requestedSchema: contextForm });
      return inputRequired({ inputRequests: { user_context } });
    }
    return { messages: [{ role: 'user', content: text(`Context: ${answer.context}`) }] };
  });
}
