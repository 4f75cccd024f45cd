"""A notification server of a Linux desktop (org.freedesktop.Notifications 1.2) without a screen.

Every notice is a line of JSON on standard output. A line `<id> <action>` on standard input presses that button,
`<id> close` closes the notice.
"""
import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = 'org.freedesktop.Notifications'
EXPIRED, DISMISSED = 1, 2


class Server(dbus.service.Object):
    last = 0

    @dbus.service.method(NAME, in_signature='susssasa{sv}i', out_signature='u')
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        Server.last = int(replaces) or Server.last + 1
        labels = {str(key): str(label) for key, label in zip(actions[::2], actions[1::2])}
        urgency = int(hints['urgency']) if 'urgency' in hints else None
        say({'id': Server.last, 'app': str(app), 'title': str(summary), 'body': str(body), 'actions': labels, 'urgency': urgency})
        return dbus.UInt32(Server.last)

    @dbus.service.method(NAME, in_signature='u')
    def CloseNotification(self, notice):
        self.NotificationClosed(notice, 3)

    @dbus.service.method(NAME, out_signature='as')
    def GetCapabilities(self):
        return ['actions', 'body', 'body-markup']

    @dbus.service.method(NAME, out_signature='ssss')
    def GetServerInformation(self):
        return ('recorder', 'wheelhouse', '1', '1.2')

    @dbus.service.signal(NAME, signature='us')
    def ActionInvoked(self, notice, key):
        pass

    @dbus.service.signal(NAME, signature='uu')
    def NotificationClosed(self, notice, reason):
        pass


def say(record):
    print(json.dumps(record), flush=True)


def heard(server, source, _condition):
    line = source.readline()
    if line == '':
        loop.quit()
        return False
    notice, word = line.split()
    if word != 'close':
        server.ActionInvoked(dbus.UInt32(int(notice)), word)
    server.NotificationClosed(dbus.UInt32(int(notice)), DISMISSED)
    return True


DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
owned = dbus.service.BusName(NAME, bus)
server = Server(bus, '/org/freedesktop/Notifications')
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, lambda source, condition: heard(server, source, condition))
say({'ready': True, 'bus': sys.argv[1]})
loop.run()
