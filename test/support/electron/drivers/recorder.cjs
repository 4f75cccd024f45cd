/**
 * Loaded into a real Electron before the application (`electron -r recorder.cjs …`): keeps what Electron does not tell,
 * because there is no list of trays, and takes the place of what a person would have to click.
 */
const path = require('node:path');
const { app, BrowserWindow, clipboard, dialog, nativeImage, nativeTheme, Notification, shell, Tray } = require('electron');

const files = new WeakMap();
const trays = new Map();
const dialogs = [];
const notifications = [];
const openedPaths = [];

/** Puts `make(original)` in the place of a method. */
function replace(owner, name, make) {
  const original = owner[name];
  owner[name] = make(original);
}

replace(nativeImage, 'createFromPath', (original) => (file) => {
  const image = original.call(nativeImage, file);
  files.set(image, path.relative(app.getAppPath(), file));
  return image;
});

function recordTray(method, field, toValue) {
  replace(
    Tray.prototype,
    method,
    (original) =>
      function record(value) {
        trays.set(this, { image: '', toolTip: '', menu: null, ...trays.get(this), [field]: toValue(value) });
        return original.call(this, value);
      },
  );
}
recordTray('setImage', 'image', (image) => files.get(image) ?? '');
recordTray('setToolTip', 'toolTip', (text) => text);
recordTray('setContextMenu', 'menu', (menu) => menu);
replace(
  Tray.prototype,
  'destroy',
  (original) =>
    function destroy() {
      trays.delete(this);
      return original.call(this);
    },
);

dialog.showMessageBox = async (...args) => {
  const { type = 'none', message, detail = '', buttons = ['OK'], defaultId = null } = args.at(-1);
  const answer = Promise.withResolvers();
  const entry = { record: { id: dialogs.length + 1, type, message, detail, buttons, defaultId, response: null }, resolve: answer.resolve };
  dialogs.push(entry);
  const response = await answer.promise;
  entry.record = { ...entry.record, response };
  return { response, checkboxChecked: false };
};
Notification.isSupported = () => true;
Notification.prototype.show = function show() {
  notifications.push({ record: { title: this.title, body: this.body, buttons: (this.actions ?? []).map(({ text }) => text ?? '') }, notification: this });
  this.emit('show', {});
};
shell.openPath = async (folder) => {
  openedPaths.push(folder);
  return '';
};

const menuItem = ({ id, type, label, enabled }) => ({ id: id ?? null, type, label: label.replaceAll(/&(&?)/g, '$1'), enabled });

globalThis.desktopRecorder = {
  async state() {
    const [tray] = trays.values();
    return {
      tray: tray === undefined ? null : { image: tray.image, toolTip: tray.toolTip, menu: (tray.menu?.items ?? []).map(menuItem) },
      windows: BrowserWindow.getAllWindows().map((window) => ({
        id: window.id,
        url: window.webContents.getURL(),
        loaded: !window.webContents.isLoading() && !window.webContents.isCrashed(),
        visible: window.isVisible(),
        focused: window.isFocused(),
        minimized: window.isMinimized(),
        bounds: window.getBounds(),
      })),
      dialogs: dialogs.map(({ record }) => record),
      notifications: notifications.map(({ record }) => record),
      clipboard: await clipboard.readText(),
      openedPaths,
      themeSource: nativeTheme.themeSource,
    };
  },
  clickTray: () => [...trays.keys()][0].emit('click', {}, {}, {}),
  clickMenu: (id) => [...trays.values()][0].menu.getMenuItemById(id).click(),
  clickNotice({ index, button }) {
    const { notification } = notifications[index];
    if (button === null) notification.emit('click', {});
    else notification.emit('action', { actionIndex: button }, button);
  },
  answerDialog: ({ id, response }) => dialogs[id - 1].resolve(response),
};
