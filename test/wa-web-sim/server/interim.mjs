#!/usr/bin/env node
// WASIM — a simulated WhatsApp Web service for acceptance tests of servers built on whatsapp-web.js.
// TLS server: what a browser sees as https://web.whatsapp.com (page, script, WebSocket, media).
// Control server (plain HTTP on 127.0.0.1): what a test uses to play the phone, the contacts and the network.
import http from 'node:http';
import https from 'node:https';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const RUN = process.env.WASIM_RUN_DIR || fs.mkdtempSync(path.join(os.tmpdir(), 'wa-web-sim-'));

export const DEFAULTS = {
  version: '2.3000.1031490220',
  // QR
  qrFirstMs: 60000, qrNextMs: 20000, qrCount: 6,
  // life cycle timing of the page
  openingMs: 150, pairingMs: 200, pairDelayMs: 150, syncDelayMs: 500, syncSteps: 4, timeoutStateMs: 200, reconnectMaxMs: 1000,
  reloadAfterPair: false, clearRefOnLogin: true, cmdRefreshQR: false, logoutMode: 'navigate', logoutNavigateDelayMs: 200,
  offlineDelivery: 'before-sync', offlineAfterMs: 300,
  // messages
  serverAckMs: 40, deviceAckMs: 120, autoAck: 2, readAckMs: 200,   // autoAck: 0 none, 1 server, 2 delivered, 3 read
  rpcMs: 5, linkPreview: false, linkPreviewMs: 50, historyPerChat: 20,
  crossDeliver: true,            // a message to a phone that is itself a simulated account arrives there
  // numbers
  unregisteredPattern: '^999', unregisteredSend: 'throw', lidMode: false, queryReturns: 'pn',
  // faults of the page itself
  stuck: null,                    // null | opening | opening-nosocket | sync | nodebug | noidle
  strictImages: false, strictModules: false, legacyModules: true, removeModules: [], ballastMb: 0, stallLoad: false, httpStatus: 200,
  trustUnknownDevices: true,      // a profile paired with an earlier run of the simulator is still linked
  uploadMaxBytes: 200 * 1024 * 1024,
};
const PAGE_CFG = ['version', 'openingMs', 'pairingMs', 'syncDelayMs', 'syncSteps', 'timeoutStateMs', 'reconnectMaxMs', 'reloadAfterPair', 'clearRefOnLogin', 'cmdRefreshQR', 'logoutMode', 'logoutNavigateDelayMs', 'offlineDelivery', 'offlineAfterMs', 'lidMode', 'stuck', 'strictModules', 'legacyModules', 'removeModules', 'ballastMb'];
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const nowS = () => Math.floor(Date.now() / 1000);
const hex = (n) => crypto.randomBytes(n).toString('hex').toUpperCase();
const digits = (x) => String(x ?? '').replace(/@.*/, '').replace(/\D/g, '');
class HttpError extends Error { constructor(status, m, extra) { super(m); this.status = status; this.extra = extra; } }

export async function startSim(opts = {}) {
  const cfg = { ...DEFAULTS, ...(opts.config || {}) };
  const tlsPort = opts.tlsPort ?? Number(process.env.WASIM_TLS_PORT || 19443);
  const ctlPort = opts.controlPort ?? Number(process.env.WASIM_CONTROL_PORT || 19080);
  const log = opts.log ?? (process.env.WASIM_LOG === '1' ? (...a) => console.log(new Date().toISOString(), ...a) : () => {});
  fs.mkdirSync(RUN, { recursive: true });

  const pages = new Map();        // pageId -> page
  const devices = new Map();      // deviceId -> {deviceId, secret, phone, removed}
  const accounts = new Map();     // phone -> account
  const groups = new Map();       // gid -> group
  const numbers = new Map();      // phone -> {registered, name, pushname, about, lid, biz}
  const media = new Map();        // directPath -> {buf, mimetype, sha256, type, name, missing}
  const blockedDevices = new Map(); // deviceId -> until (ms) : network of that device is down
  const codes = new Map();        // pairing code -> {pageId, phone, until}
  const sent = [];                // everything that pages sent
  const actions = [];             // everything else that pages did
  const events = [];              // what happened, for reading after a test
  const faults = [];              // {op, mode, count, ...}
  const waiters = new Set();
  let pageSeq = 0, sentSeq = 0, actSeq = 0, evSeq = 0, stallers = [];

  const ev = (type, d = {}) => { const e = { seq: ++evSeq, at: Date.now(), type, ...d }; events.push(e); if (events.length > 20000) events.shift(); log(type, JSON.stringify(d).slice(0, 300)); for (const w of [...waiters]) w(e); return e; };
  const lidFor = (phone) => { const n = numbers.get(phone); if (n?.lid) return n.lid; return String(BigInt('0x' + crypto.createHash('sha1').update('lid' + phone).digest('hex').slice(0, 12)) % 10n ** 15n).padStart(15, '1') + '@lid'; };
  const lidIndex = new Map();
  const lidOf = (phone) => { const l = lidFor(phone); lidIndex.set(l, phone); return l; };
  const registered = (phone) => { const n = numbers.get(phone); if (n && n.registered !== undefined) return n.registered; if (accounts.has(phone)) return true; if (phone.length < 7 || phone.length > 15) return false; return !(cfg.unregisteredPattern && new RegExp(cfg.unregisteredPattern).test(phone)); };
  // address -> phone (for @c.us, @s.whatsapp.net, @lid)
  const phoneOf = (id) => { const s = String(id); if (s.endsWith('@lid')) return lidIndex.get(s) || null; return digits(s); };
  const normChat = (x) => { const s = String(x); if (s.includes('@')) return s.replace('@s.whatsapp.net', '@c.us'); return `${digits(s)}@c.us`; };
  const account = (phone) => { let a = accounts.get(phone); if (!a) { a = { phone, wid: `${phone}@c.us`, lid: lidOf(phone), pushname: `Sim ${phone.slice(-4)}`, platform: 'android', msgs: new Map(), chats: new Map(), unread: {}, offline: [] }; accounts.set(phone, a); } return a; };
  const store = (a, chat, m) => { a.msgs.set(m.id, m); let l = a.chats.get(chat); if (!l) a.chats.set(chat, (l = [])); l.push(m.id); if (a.msgs.size > 50000) { const k = a.msgs.keys().next().value; a.msgs.delete(k); } };
  const sendTo = (p, o) => { if (p?.ws?.readyState === 1) { p.ws.send(JSON.stringify(o)); return true; } return false; };
  const pageOf = (phone) => { for (const p of pages.values()) if (p.phone === phone && p.loggedIn && p.ws.readyState === 1) return p; return null; };
  const pushAcc = (phone, o) => sendTo(pageOf(phone), o);
  const fault = (op, ctx = {}) => { const i = faults.findIndex((f) => f.op === op && (f.phone ? f.phone === ctx.phone : true) && f.count > 0); if (i < 0) return null; const f = faults[i]; if (--f.count <= 0) faults.splice(i, 1); ev('fault', { op, mode: f.mode, phone: ctx.phone }); return f; };

  /* ---------------------------------------------------------------- QR */
  function newRef(p, ttl) {
    p.ref = '2@' + crypto.randomBytes(99).toString('base64'); p.refUntil = Date.now() + ttl; p.refs++;
    sendTo(p, { t: 'ref', ref: p.ref, ttl }); ev('ref', { page: p.id, n: p.refs, ttl });
  }
  function startRefs(p) {
    clearTimeout(p.refTimer); p.refs = 0; p.idle = false;
    const step = () => {
      if (p.phone || p.closed) return;
      if (p.refs >= cfg.qrCount) { p.ref = null; p.idle = true; sendTo(p, { t: 'idle' }); ev('qr-idle', { page: p.id }); return; }
      const ttl = p.refs === 0 ? cfg.qrFirstMs : cfg.qrNextMs; newRef(p, ttl); p.refTimer = setTimeout(step, ttl);
    };
    p.refStep = step; step();
  }
  const qrOf = (p) => (p.ref ? [p.ref, p.device?.noise, p.device?.identity, p.device?.adv, '1'].join(',') : null);

  function pair(p, phone, o = {}) {
    if (p.phone) throw new HttpError(409, 'that page is already paired');
    const a = account(phone); if (o.pushname) a.pushname = o.pushname; if (o.platform) a.platform = o.platform;
    if (p.device) devices.set(p.device.deviceId, { deviceId: p.device.deviceId, secret: hex(16), phone, linkedAt: Date.now() });
    p.pairing = phone; clearTimeout(p.refTimer); p.ref = null;
    const d = devices.get(p.device.deviceId);
    setTimeout(() => sendTo(p, { t: 'pair-success', phone, secret: d.secret }), cfg.pairDelayMs);
    ev('paired', { page: p.id, phone, deviceId: d.deviceId });
    return { page: p.id, phone, deviceId: d.deviceId };
  }

  function login(p, dev) {
    const until = blockedDevices.get(dev.deviceId); if (until) { if (Date.now() < until) { p.ws.close(4503, 'blocked'); return; } blockedDevices.delete(dev.deviceId); }
    let d = devices.get(dev.deviceId);
    if (!d && cfg.trustUnknownDevices && dev.phone) { d = { deviceId: dev.deviceId, secret: dev.secret, phone: dev.phone, linkedAt: Date.now() }; devices.set(d.deviceId, d); ev('device-trusted', { phone: d.phone }); }
    if (!d || d.removed || d.secret !== dev.secret) { ev('login-refused', { page: p.id, phone: dev.phone }); sendTo(p, { t: 'logged-out', reason: 'device_removed', mode: d?.removedMode }); return; }
    for (const q of pages.values()) if (q !== p && q.device?.deviceId === d.deviceId && q.ws.readyState === 1 && q.loggedIn) { ev('conflict', { page: q.id, phone: q.phone }); sendTo(q, { t: 'conflict' }); q.loggedIn = false; setTimeout(() => q.ws.close(4409, 'replaced'), 20); }
    const a = account(d.phone); p.phone = d.phone; p.loggedIn = true; clearTimeout(p.refTimer); p.ref = null;
    const history = []; for (const [, ids] of a.chats) for (const id of ids.slice(-cfg.historyPerChat)) { const m = a.msgs.get(id); if (m && !a.offline.includes(id)) history.push(m); }
    history.sort((x, y) => x.t - y.t);
    const offline = a.offline.map((id) => a.msgs.get(id)).filter(Boolean);
    const myGroups = [...groups.values()].filter((g) => g.participants.some((x) => x.id === a.wid));
    const contacts = [...numbers.entries()].filter(([, n]) => n.name).map(([ph, n]) => ({ id: `${ph}@c.us`, name: n.name, pushname: n.pushname, isBusiness: n.biz, lid: lidOf(ph) }));
    sendTo(p, { t: 'login-ok', wid: a.wid, lid: a.lid, pushname: a.pushname, platform: a.platform, phoneInfo: { wa_version: '2.25.1', os_version: '14', device_manufacturer: 'Sim', device_model: 'Phone' }, groups: myGroups, contacts, history, unread: a.unread, offline });
    ev('login', { page: p.id, phone: d.phone, offline: offline.length, history: history.length });
  }

  /* ---------------------------------------------------------------- messages */
  const chatIdFor = (a, from) => (cfg.lidMode && from.endsWith('@c.us') && digits(from) !== a.phone ? lidOf(digits(from)) : from);
  function deliverIncoming(phone, m, chat) {
    const a = account(phone); store(a, chat, m); a.unread[chat] = (a.unread[chat] || 0) + 1;
    if (!pushAcc(phone, { t: 'message', msg: m })) { a.offline.push(m.id); ev('queued-offline', { phone, id: m.id }); return false; }
    a.offline.push(m.id); // until the page says 'delivered'
    return true;
  }
  function mediaFields(x) {
    if (!x) return {};
    const buf = x.data ? Buffer.from(x.data, 'base64') : Buffer.alloc(x.bytes || 1024, x.fill ?? 0x41);
    const sha = crypto.createHash('sha256').update(buf).digest('base64');
    const directPath = `/v/t62.7118-24/${crypto.randomBytes(12).toString('hex')}.enc`;
    media.set(directPath, { buf, mimetype: x.mimetype, sha256: sha, name: x.filename, missing: !!x.missing, at: Date.now() });
    return { mimetype: x.mimetype, filename: x.filename, size: buf.length, filehash: sha, encFilehash: sha, mediaKey: crypto.randomBytes(32).toString('base64'), mediaKeyTimestamp: nowS(), directPath, deprecatedMms3Url: `https://mmg.whatsapp.net${directPath}`, ...(x.width ? { width: x.width, height: x.height } : {}), ...(x.duration ? { duration: String(x.duration) } : {}), ...(x.stage ? { __stage: x.stage } : {}) };
  }
  const typeFor = (b) => b.type || (b.media ? (/^image\/webp/.test(b.media.mimetype) && b.sticker ? 'sticker' : /^image/.test(b.media.mimetype) ? 'image' : /^video/.test(b.media.mimetype) ? 'video' : /^audio/.test(b.media.mimetype) ? (b.media.ptt ? 'ptt' : 'audio') : 'document') : 'chat');
  function incoming(b) {
    const phone = needPhone(b); const a = account(phone);
    const fromPhone = digits(b.from); const isGroup = !!b.group; const senderPn = `${fromPhone}@c.us`;
    const chat = isGroup ? b.group : b.from.endsWith?.('@lid') ? b.from : chatIdFor(a, normChat(b.from));
    const author = isGroup ? (cfg.lidMode ? lidOf(fromPhone) : senderPn) : undefined;
    const rawId = b.id || (b.ios ? '3A' + hex(9) : 'A5' + hex(15)); const n = numbers.get(fromPhone) || {};
    const type = typeFor(b);
    const q = b.quoted ? a.msgs.get(b.quoted) : null;
    const m = { id: `false_${chat}_${rawId}` + (author ? `_${author}` : ''), rawId, from: chat, to: a.wid, ...(author ? { author } : {}), type, t: b.t || nowS(), notifyName: b.pushname || n.pushname || `Contact ${fromPhone.slice(-4)}`, ack: 1,
      ...(b.media ? { caption: b.caption ?? b.body, body: '', ...mediaFields(b.media) } : { body: b.body ?? '' }), ...(b.extra || {}), pn: senderPn, lid: lidOf(fromPhone),
      ...(q || b.quoted ? { quotedStanzaID: String(b.quoted).split('_')[2], quotedParticipant: q ? (q.id.startsWith('true') ? a.wid : q.author || q.from) : a.wid, quotedMsg: q ? { type: q.type, body: q.body } : { type: 'chat', body: '' } } : {}),
      ...(b.mentions ? { mentionedJidList: b.mentions.map(normChat) } : {}) };
    if (a.msgs.has(m.id)) return { id: m.id, duplicate: true, online: pushAcc(phone, { t: 'message', msg: m }) };
    const online = deliverIncoming(phone, m, chat); ev('incoming', { phone, from: b.from, id: m.id, online });
    return { id: m.id, chat, rawId, online };
  }
  function setAck(phone, id, ack, force) { const a = account(phone); const m = a.msgs.get(id); if (m) { if (!force && ack > 0 && m.ack >= ack) return; m.ack = ack; } const s = sent.find((x) => x.id === id && x.phone === phone); if (s) s.ack = ack; pushAcc(phone, { t: 'ack', id, ack, force }); ev('ack', { phone, id, ack }); }
  const sending = new Map();
  function onSend(p, a) { // a message that is sent again after a reconnect is the same message
    const k = `${p.phone} ${a.msg.id}`; if (!sending.has(k)) { const pr = onSend1(p, a); sending.set(k, pr); pr.catch(() => {}).finally(() => setTimeout(() => sending.delete(k), 30000)); } return sending.get(k);
  }
  async function onSend1(p, { msg, chat }) {
    const f = fault('send', p); if (f?.mode === 'hang') return new Promise(() => {}); if (f?.mode === 'delay') await sleep(f.delayMs || 1000); if (f?.mode === 'throw') throw new HttpError(500, f.message || 'send failed'); if (f?.mode === 'error') return { error: f.message || 'ERROR_UNKNOWN' }; if (f?.mode === 'silent') return { silent: true };
    await sleep(cfg.serverAckMs);
    const a = account(p.phone); const to = chat; const toPhone = to.endsWith('@g.us') ? null : phoneOf(to); const md = msg.directPath ? media.get(msg.directPath) : null;
    const rawId = msg.id.split('_')[2];
    const rec = { seq: ++sentSeq, page: p.id, phone: p.phone, id: msg.id, rawId, to, toPhone, type: msg.type, body: md ? undefined : msg.body, caption: msg.caption, mimetype: msg.mimetype, filename: msg.filename, size: msg.size, sha256: md?.sha256, media: msg.directPath, quoted: msg.quotedStanzaID, quotedParticipant: msg.quotedParticipant, mentions: msg.mentionedJidList?.length ? msg.mentionedJidList : undefined, isViewOnce: msg.isViewOnce, waveform: msg.waveform ? true : undefined, lat: msg.lat, lng: msg.lng, pollName: msg.pollName, vcard: msg.type === 'vcard' ? msg.body : undefined, title: msg.title, matchedText: msg.matchedText, forwarded: msg.isForwarded, t: msg.t, at: Date.now(), ack: 1 };
    if (toPhone && !registered(toPhone)) { ev('send-unregistered', { phone: p.phone, to }); return { error: 'ERROR_NOT_REGISTERED' }; }
    const dup = a.msgs.get(msg.id); store(a, to, { ...msg, ack: 1, ...(md ? { body: '' } : {}) }); if (!dup) sent.push(rec); if (sent.length > 100000) sent.shift();
    ev('sent', { phone: p.phone, to, id: msg.id, kind: msg.type });
    // cross delivery to other simulated accounts
    let reached = true;
    if (cfg.crossDeliver) {
      const targets = to.endsWith('@g.us') ? (groups.get(to)?.participants || []).map((x) => digits(x.id)).filter((x) => x !== p.phone) : toPhone && toPhone !== p.phone ? [toPhone] : [];
      for (const ph of targets) { if (!accounts.has(ph)) continue; const b = accounts.get(ph); const isG = to.endsWith('@g.us'); const c = isG ? to : chatIdFor(b, a.wid); const { id, from, to: _t, author, ack, self, local, isNewMsg, isUnsentMedia, isSentByMe, ...rest } = msg;
        const m2 = { ...rest, ...(md ? { body: '' } : {}), id: `false_${c}_${rawId}` + (isG ? `_${cfg.lidMode ? a.lid : a.wid}` : ''), from: c, to: b.wid, ...(isG ? { author: cfg.lidMode ? a.lid : a.wid } : {}), ack: 1, notifyName: a.pushname, t: nowS(), pn: a.wid, lid: a.lid };
        const on = deliverIncoming(ph, m2, c); if (!isG) reached = on; }
    }
    if (cfg.autoAck >= 2 && reached) setTimeout(() => { setAck(p.phone, msg.id, 2); if (cfg.autoAck >= 3) setTimeout(() => setAck(p.phone, msg.id, 3), cfg.readAckMs); }, cfg.deviceAckMs);
    return { t: nowS(), id: msg.id, uncached: f?.mode === 'uncached' };
  }
  function groupNotice(g, subtype, author, recipients, body) {
    for (const ph of new Set([...g.participants.map((x) => digits(x.id)), ...(recipients || []).map(digits)])) { const a = accounts.get(ph); if (!a) continue;
      const m = { id: `false_${g.id}_${digits(author)}${Date.now()}${hex(2)}_${author}`, from: g.id, to: a.wid, author, type: 'gp2', subtype, recipients: recipients || [], body, t: nowS(), ack: 1 };
      pushAcc(ph, { t: 'group', group: g }); pushAcc(ph, { t: 'message', msg: m }); }
  }

  /* ---------------------------------------------------------------- what pages may ask */
  const rpcs = {
    async fault(p, { op }) { const f = fault(op, p); if (!f) return true; if (f.mode === 'hang') return new Promise(() => {}); if (f.mode === 'delay') { await sleep(f.delayMs || 1000); return true; } throw new HttpError(f.status || 500, f.message || `${op} failed`); },
    async action(p, { name, args }) { actions.push({ seq: ++actSeq, at: Date.now(), page: p.id, phone: p.phone, name, args }); if (actions.length > 20000) actions.shift(); ev('action', { phone: p.phone, name });
      const a = p.phone && account(p.phone); if (name === 'setPushname' && a) a.pushname = args.name; return true; },
    async seen(p, { chat }) { actions.push({ seq: ++actSeq, at: Date.now(), page: p.id, phone: p.phone, name: 'seen', args: { chat } }); if (p.phone) { const a = account(p.phone); delete a.unread[chat];
      const ph = phoneOf(chat); if (cfg.crossDeliver && ph && accounts.has(ph)) { const b = accounts.get(ph); const c = chatIdFor(b, a.wid); for (const id of b.chats.get(c) || []) { const m = b.msgs.get(id); if (m && id.startsWith('true') && m.ack < 3) setAck(ph, id, 3); } } } return true; },
    async queryExists(p, { id }) { await rpcs.fault(p, { op: 'queryExists' }); const ph = phoneOf(id); if (!ph || !registered(ph)) return { exists: false }; return { exists: true, pn: `${ph}@c.us`, lid: lidOf(ph), biz: !!numbers.get(ph)?.biz }; },
    async resolveChat(p, { id }) { await rpcs.fault(p, { op: 'resolveChat' }); const ph = phoneOf(id); if (!ph || !registered(ph)) return { exists: false, mode: cfg.unregisteredSend === 'throw' ? 'throw' : 'create' }; const n = numbers.get(ph) || {}; const lid = lidOf(ph); return { exists: true, pn: `${ph}@c.us`, lid, id: cfg.lidMode ? lid : `${ph}@c.us`, name: n.name, pushname: n.pushname }; },
    async contact(p, { id }) { if (id.endsWith('@g.us')) { const g = groups.get(id); return g ? { name: g.subject } : null; } const ph = phoneOf(id); if (!ph) return null; const n = numbers.get(ph) || {}; return { name: n.name, pushname: n.pushname || accounts.get(ph)?.pushname, about: n.about, isBusiness: !!n.biz, ...(id.endsWith('@lid') ? { phoneNumber: `${ph}@c.us` } : {}) }; },
    async profilePic(p, { id }) { const n = numbers.get(phoneOf(id)); return n?.pic ? { eurl: n.pic } : null; },
    async getMsg(p, { id }) { return account(p.phone).msgs.get(id) || null; },
    async history(p, { chat, have }) { const a = account(p.phone); const set = new Set(have); return (a.chats.get(chat) || []).filter((i) => !set.has(i)).map((i) => a.msgs.get(i)).filter(Boolean).slice(-cfg.historyPerChat); },
    async msgInfo(p, { id }) { const m = account(p.phone).msgs.get(id); const to = m?.to || id.split('_')[1]; const k = m?.ack || 0; return { delivery: k >= 2 ? [{ id: to, t: nowS() }] : [], deliveryRemaining: k >= 2 ? 0 : 1, read: k >= 3 ? [{ id: to, t: nowS() }] : [], readRemaining: k >= 3 ? 0 : 1, played: [], playedRemaining: 0 }; },
    async linkPreview(p, { url }) { await rpcs.fault(p, { op: 'linkPreview' }); if (!cfg.linkPreview) return null; await sleep(cfg.linkPreviewMs); return { title: 'Simulated title', description: 'Simulated description', canonicalUrl: url, matchedText: url }; },
    send: onSend,
    async edit(p, { id, body }) { await rpcs.fault(p, { op: 'edit' }); const m = account(p.phone).msgs.get(id); if (m) m.body = body; const s = sent.find((x) => x.id === id && x.phone === p.phone); if (s) { s.edited = body; } ev('edit', { phone: p.phone, id, body }); return true; },
    async revoke(p, { id }) { await rpcs.fault(p, { op: 'revoke' }); const s = sent.find((x) => x.id === id && x.phone === p.phone); if (s) s.revoked = true; ev('revoke', { phone: p.phone, id }); return true; },
    async react(p, { id, text }) { await rpcs.fault(p, { op: 'react' }); const s = sent.find((x) => x.id === id && x.phone === p.phone); actions.push({ seq: ++actSeq, at: Date.now(), page: p.id, phone: p.phone, name: 'react', args: { id, text } }); if (s) s.reaction = text; ev('react', { phone: p.phone, id, text }); return { rawId: '3EB0' + hex(9) }; },
    async refreshQR(p) { if (!p.phone) startRefs(p); return true; },
    async pairCode(p, { phone }) { const cs = '123456789ABCDEFGHJKLMNPQRSTVWXYZ'; const code = [...crypto.randomBytes(8)].map((b) => cs[b % cs.length]).join(''); for (const [c, x] of codes) if (x.page === p.id) codes.delete(c); codes.set(code, { page: p.id, phone: digits(phone), until: Date.now() + 180000 }); ev('pair-code', { page: p.id, phone, code }); return { code }; },
    async logoutMe(p) { const d = devices.get(p.device?.deviceId); if (d) d.removed = true; ev('logout-by-client', { phone: p.phone }); return true; },
    // groups
    async group(p, { id }) { return groups.get(id) || null; },
    async groupRefresh(p, { id }) { return { group: need(groups.get(id), 404) }; },
    async createGroup(p, { subject, participants, options }) { await rpcs.fault(p, { op: 'createGroup' }); const a = account(p.phone); const results = []; const list = [{ id: a.wid, admin: 'superadmin' }]; for (const x of participants) { const ph = phoneOf(x); const ok = ph && registered(ph); results.push({ id: normChat(x), code: ok ? (numbers.get(ph)?.privacyGroups ? 403 : 200) : 404 }); if (ok && !numbers.get(ph)?.privacyGroups) list.push({ id: `${ph}@c.us` }); }
      const g = { id: `1203630${Math.floor(1e10 + Math.random() * 9e10)}@g.us`, subject, owner: a.wid, creation: nowS(), desc: '', participants: list, invite: hex(11).slice(0, 22), ...(options || {}) }; groups.set(g.id, g); groupNotice(g, 'create', a.wid, list.map((x) => x.id), subject); ev('group-created', { phone: p.phone, id: g.id, subject }); return { group: g, results }; },
    async groupSet(p, { id, k, v }) { const g = need(groups.get(id), 404); const a = account(p.phone); if (k === 'subject') g.subject = v; else if (k === 'desc') { g.desc = v; g.descId = hex(8); } else if (k === 'announcement') g.announce = !!v; else if (k === 'restrict') g.restrict = !!v; else if (k === 'member_add_mode') g.memberAddMode = v ? 'all_member_add' : 'admin_add'; groupNotice(g, k === 'desc' ? 'description' : k === 'announcement' ? 'announce' : k, a.wid, [], v); return { group: g }; },
    async groupParts(p, { id, op, ids }) { const g = need(groups.get(id), 404); const a = account(p.phone); const results = [];
      for (const x of ids) { const w = `${phoneOf(x)}@c.us`; const cur = g.participants.find((y) => y.id === w);
        if (op === 'add') { const ph = digits(w); const code = cur ? 409 : !registered(ph) ? 404 : numbers.get(ph)?.privacyGroups ? 403 : 200; if (code === 200) g.participants.push({ id: w }); results.push({ id: w, code }); }
        else { if (cur) { if (op === 'promote') cur.admin = 'admin'; else if (op === 'demote') delete cur.admin; else g.participants.splice(g.participants.indexOf(cur), 1); } results.push({ id: w, code: cur ? 200 : 404 }); } }
      const okIds = results.filter((r) => r.code === 200).map((r) => r.id); if (okIds.length) groupNotice(g, op, a.wid, okIds); return { group: g, results }; },
    async inviteCode(p, { id }) { return { code: need(groups.get(id), 404).invite }; },
    async resetInvite(p, { id }) { const g = need(groups.get(id), 404); g.invite = hex(11).slice(0, 22); return { code: g.invite }; },
    async groupByInvite(p, { code }) { return { group: need([...groups.values()].find((g) => g.invite === code), 404) }; },
    async joinInvite(p, { code }) { const g = need([...groups.values()].find((x) => x.invite === code), 404); const a = account(p.phone); if (!g.participants.some((x) => x.id === a.wid)) { g.participants.push({ id: a.wid }); groupNotice(g, 'invite', a.wid, [a.wid]); } return { group: g }; },
  };
  function need(x, status, m) { if (!x) throw new HttpError(status, m || (status === 404 ? 'ServerStatusCodeError: 404' : `status ${status}`)); return x; }

  /* ---------------------------------------------------------------- TLS side */
  const keyF = path.join(RUN, 'key.pem'), certF = path.join(RUN, 'cert.pem');
  if (!fs.existsSync(certF)) execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-keyout', keyF, '-out', certF, '-subj', '/CN=web.whatsapp.com', '-addext', 'subjectAltName=DNS:web.whatsapp.com,DNS:*.whatsapp.com,DNS:*.whatsapp.net'], { stdio: 'ignore' });
  const body = (req, max) => new Promise((res, rej) => { const c = []; let n = 0; req.on('data', (x) => { n += x.length; if (n > max) { rej(new HttpError(413, 'too large')); req.destroy(); } else c.push(x); }); req.on('end', () => res(Buffer.concat(c))); req.on('error', rej); });
  const tls = https.createServer({ key: fs.readFileSync(keyF), cert: fs.readFileSync(certF) }, async (req, res) => {
    const u = new URL(req.url, 'https://web.whatsapp.com');
    const end = (s, type, b) => { res.writeHead(s, { 'content-type': type, 'cache-control': 'no-store' }); res.end(b); };
    try {
      if (u.pathname === '/sim/app.js') { if (cfg.stallLoad) { stallers.push(res); return; } const pc = Object.fromEntries(PAGE_CFG.map((k) => [k, cfg[k]])); return end(200, 'text/javascript', `window.__WASIM_CFG__ = ${JSON.stringify(pc)};\n` + fs.readFileSync(path.join(HERE, '..', 'page', 'app.js'), 'utf8')); }
      if (u.pathname.startsWith('/sim/media')) { const m = media.get(u.pathname.slice('/sim/media'.length)); if (!m || m.missing) return end(m ? 404 : 404, 'text/plain', 'gone'); return end(200, 'application/octet-stream', m.buf); }
      if (u.pathname === '/sim/upload' && req.method === 'POST') {
        const buf = await body(req, cfg.uploadMaxBytes); const sha = crypto.createHash('sha256').update(buf).digest('base64');
        const directPath = `/v/t62.7118-24/${crypto.randomBytes(12).toString('hex')}.enc`; media.set(directPath, { buf, mimetype: u.searchParams.get('mimetype'), type: u.searchParams.get('type'), name: u.searchParams.get('name'), sha256: sha, at: Date.now() });
        ev('upload', { bytes: buf.length, type: u.searchParams.get('type') }); return end(200, 'application/json', JSON.stringify({ directPath, encFilehash: sha, size: buf.length }));
      }
      if (req.method === 'GET' && (u.pathname === '/' || !u.pathname.includes('.'))) { ev('page-request', { url: u.pathname + u.search, host: req.headers.host }); if (cfg.httpStatus !== 200) return end(cfg.httpStatus, 'text/html', '<h1>error</h1>'); return end(200, 'text/html; charset=utf-8', fs.readFileSync(path.join(HERE, '..', 'page', 'index.html'))); }
      end(404, 'text/plain', 'not found');
    } catch (e) { if (!res.headersSent) end(e.status || 500, 'text/plain', String(e.message)); }
  });
  const wss = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  tls.on('upgrade', (req, socket, head) => { if (!req.url.startsWith('/sim/ws')) return socket.destroy(); wss.handleUpgrade(req, socket, head, (ws) => wss.emit('connection', ws, req)); });
  wss.on('connection', (ws) => {
    const p = { id: `p${++pageSeq}`, ws, at: Date.now(), refs: 0, phone: null, loggedIn: false, notes: [] }; pages.set(p.id, p); p.alive = true;
    ws.on('message', async (raw) => {
      let d; try { d = JSON.parse(raw); } catch { return; }
      if (d.t === 'hello') {
        p.device = d.device; p.ua = d.ua; p.url = d.url; ev('hello', { page: p.id, paired: !!d.device?.secret, resume: !!d.resume });
        const until = blockedDevices.get(d.device?.deviceId); if (until && Date.now() < until) { ws.close(4503, 'blocked'); return; }
        if (d.device?.secret) { sendTo(p, { t: 'welcome', paired: true }); login(p, d.device); } else { sendTo(p, { t: 'welcome', paired: false }); startRefs(p); }
      } else if (d.t === 'rpc') {
        try { if (cfg.rpcMs) await sleep(cfg.rpcMs); const f = rpcs[d.m]; if (!f) throw new HttpError(501, `no rpc ${d.m}`); if (!p.phone && !['refreshQR', 'pairCode', 'fault', 'action'].includes(d.m)) throw new HttpError(401, 'not paired'); sendTo(p, { t: 'res', id: d.id, r: await f(p, d.p || {}) }); }
        catch (e) { sendTo(p, { t: 'res', id: d.id, err: e.message, status: e.status }); }
      } else if (d.t === 'delivered') { if (p.phone) { const a = account(p.phone); const i = a.offline.indexOf(d.id); if (i >= 0) a.offline.splice(i, 1); const m = a.msgs.get(d.id); const raw2 = d.id.split('_')[2]; if (m?.pn && cfg.crossDeliver && cfg.autoAck >= 2 && accounts.has(digits(m.pn))) { const b = accounts.get(digits(m.pn)); for (const [id, x] of b.msgs) if (id.startsWith('true_') && id.includes(raw2) && x.ack < 2) setAck(b.phone, id, 2); } } }
      else if (d.t === 'synced') { p.synced = true; ev('synced', { page: p.id, phone: p.phone }); }
      else if (d.t === 'note') { p.notes.push({ kind: d.kind, data: d.data }); ev('note', { page: p.id, phone: p.phone, kind: d.kind, data: d.data }); }
    });
    ws.on('close', () => { p.closed = true; clearTimeout(p.refTimer); pages.delete(p.id); ev('page-closed', { page: p.id, phone: p.phone }); });
    ws.on('error', () => {});
  });

  /* ---------------------------------------------------------------- control side */
  const pick = (b, { paired } = {}) => {
    if (b.session || b.page) return need(pages.get(b.session || b.page), 404, 'no such page');
    if (b.qr) { const ref = String(b.qr).split(',')[0]; const p = [...pages.values()].find((x) => x.ref === ref); if (!p) throw new HttpError(410, 'qr-expired-or-unknown'); if (Date.now() > p.refUntil) throw new HttpError(410, 'qr-expired'); if (qrOf(p) !== b.qr) throw new HttpError(400, 'qr-keys-mismatch'); return p; }
    const c = [...pages.values()].filter((x) => (paired ? x.loggedIn : !x.phone && !x.pairing) && x.ws.readyState === 1);
    if (paired && (b.phone || b.to)) { const ph = digits(b.phone || b.to); const q = c.filter((x) => x.phone === ph); return need(q[q.length - 1], 404, 'no connected page for that phone'); }
    if (c.length !== 1) throw new HttpError(c.length ? 409 : 404, c.length ? `${c.length} pages match: give session, qr or phone` : 'no page matches'); return c[0];
  };
  const needPhone = (b) => { if (b.session) return need(pages.get(b.session)?.phone, 404, 'that page has no phone'); if (b.phone || b.to) return digits(b.phone || b.to); const c = [...pages.values()].filter((x) => x.loggedIn); if (c.length === 1) return c[0].phone; throw new HttpError(409, 'give session or phone'); };
  const view = (p) => ({ id: p.id, deviceId: p.device?.deviceId, phone: p.phone, loggedIn: p.loggedIn, synced: !!p.synced, qr: qrOf(p), refs: p.refs, idle: !!p.idle, refExpiresInMs: p.ref ? p.refUntil - Date.now() : null, connectedAt: p.at, url: p.url, ua: p.ua, notes: p.notes.slice(-20) });
  const ctl = {
    'GET /control/health': async () => ({ ok: true, tlsPort, ctlPort, pages: pages.size, version: cfg.version }),
    'GET /control/config': async () => cfg,
    'POST /control/config': async (b) => { for (const k of Object.keys(b)) if (!(k in DEFAULTS)) throw new HttpError(400, `unknown setting ${k}`); Object.assign(cfg, b); if (b.stallLoad === false) { for (const r of stallers) r.end(''); stallers = []; } return cfg; },
    'POST /control/config/reset': async () => { Object.assign(cfg, DEFAULTS, opts.config || {}); return cfg; },
    'GET /control/sessions': async () => [...pages.values()].map(view),
    'GET /control/accounts': async () => [...accounts.values()].map((a) => ({ phone: a.phone, wid: a.wid, lid: a.lid, pushname: a.pushname, chats: [...a.chats.keys()], messages: a.msgs.size, offline: a.offline.length, online: !!pageOf(a.phone), devices: [...devices.values()].filter((d) => d.phone === a.phone && !d.removed).length })),
    'GET /control/sent': async (b) => sent.filter((s) => (!b.phone || s.phone === digits(b.phone)) && (!b.session || s.page === b.session) && (!b.to || s.to === normChat(b.to)) && (!b.since || s.seq > Number(b.since)) && (!b.id || s.id === b.id)),
    'GET /control/actions': async (b) => actions.filter((s) => (!b.phone || s.phone === digits(b.phone)) && (!b.name || s.name === b.name) && (!b.since || s.seq > Number(b.since))),
    'GET /control/events': async (b) => events.filter((e) => (!b.since || e.seq > Number(b.since)) && (!b.type || e.type === b.type)),
    'GET /control/wait': async (b) => { // ?type=sent&phone=..&timeoutMs=..  waits for the next matching event (or one after `since`)
      const ok = (e) => (!b.type || e.type === b.type) && (!b.phone || e.phone === digits(b.phone)) && (!b.id || e.id === b.id) && (!b.kind || e.kind === b.kind);
      if (b.since !== undefined) { const e = events.find((x) => x.seq > Number(b.since) && ok(x)); if (e) return e; }
      return new Promise((res, rej) => { const t = setTimeout(() => { waiters.delete(w); rej(new HttpError(408, 'timeout')); }, Number(b.timeoutMs || 10000)); const w = (e) => { if (ok(e)) { clearTimeout(t); waiters.delete(w); res(e); } }; waiters.add(w); }); },
    'POST /control/scan': async (b) => { if (!digits(b.phone)) throw new HttpError(400, 'phone needed'); const f = fault('scan', { phone: digits(b.phone) }); if (f) throw new HttpError(503, f.message || 'scan failed'); return pair(pick(b), digits(b.phone), b); },
    'POST /control/pair-code': async (b) => { const c = need(codes.get(String(b.code || '').replace('-', '').toUpperCase()), 404, 'unknown code'); if (Date.now() > c.until) throw new HttpError(410, 'code expired'); codes.delete(b.code); return pair(need(pages.get(c.page), 410, 'page is gone'), c.phone, b); },
    'POST /control/expire-qr': async (b) => { const p = pick(b); clearTimeout(p.refTimer); if (b.idle || b.all) { p.refs = cfg.qrCount; } p.refStep(); return view(p); },
    'POST /control/incoming': async (b) => { if (b.count > 1) { const out = []; for (let i = 0; i < b.count; i++) { out.push(incoming({ ...b, id: undefined, body: `${b.body ?? ''} #${i + 1}` })); if (b.everyMs) await sleep(b.everyMs); } return { count: out.length, ids: out.map((x) => x.id) }; } return incoming(b); },
    'POST /control/ack': async (b) => { const s = need(sent.find((x) => x.id === b.id || x.rawId === b.id), 404, 'no such sent message'); setAck(s.phone, s.id, Number(b.ack), true); return s; },
    'POST /control/revoke': async (b) => { const phone = needPhone(b); const m = need(account(phone).msgs.get(b.id), 404, 'no such message'); pushAcc(phone, { t: 'revoke', id: b.id, by: m.author || m.from }); return { id: b.id }; },
    'POST /control/edit': async (b) => { const phone = needPhone(b); const m = need(account(phone).msgs.get(b.id), 404, 'no such message'); m.body = b.body; pushAcc(phone, { t: 'edit', id: b.id, body: b.body, t2: Date.now() }); return { id: b.id }; },
    'POST /control/reaction': async (b) => { const phone = needPhone(b); const sender = normChat(b.from); pushAcc(phone, { t: 'reaction', r: { msgId: b.id, sender: cfg.lidMode ? lidOf(digits(sender)) : sender, fromMe: false, text: b.text ?? b.reaction, rawId: '3A' + hex(9), t: Date.now() } }); return { id: b.id }; },
    'POST /control/call': async (b) => { const phone = needPhone(b); const call = { id: hex(16), peerJid: normChat(b.from), isVideo: !!b.video, isGroup: false, canHandleLocally: false, outgoing: false, webClientShouldHandle: false, participants: [] }; pushAcc(phone, { t: 'call', call }); return call; },
    'POST /control/registered': async (b) => { const ph = digits(b.phone); numbers.set(ph, { ...(numbers.get(ph) || {}), ...b, phone: ph }); if (b.lid) lidIndex.set(b.lid, ph); return numbers.get(ph); },
    'POST /control/group': async (b) => { const owner = digits(b.owner || needPhone(b)); const g = { id: b.id || `1203630${Math.floor(1e10 + Math.random() * 9e10)}@g.us`, subject: b.subject || 'Sim group', owner: `${owner}@c.us`, creation: nowS(), desc: b.desc || '', participants: [{ id: `${owner}@c.us`, admin: 'superadmin' }, ...(b.participants || []).map((x) => ({ id: normChat(x) }))], invite: hex(11).slice(0, 22) }; groups.set(g.id, g); for (const x of g.participants) pushAcc(digits(x.id), { t: 'group', group: g }); return g; },
    'GET /control/groups': async () => [...groups.values()],
    'POST /control/logout': async (b) => { // the phone removes the linked device
      const phone = needPhone(b); let n = 0; for (const d of devices.values()) if (d.phone === phone && (!b.deviceId || d.deviceId === b.deviceId)) { d.removed = true; d.removedMode = b.mode; n++; }
      const ps = [...pages.values()].filter((x) => x.phone === phone); for (const p of ps) { sendTo(p, { t: 'logged-out', reason: b.reason || 'phone_initiated', mode: b.mode }); p.loggedIn = false; } ev('logout-by-phone', { phone, pages: ps.length }); return { phone, devices: n, pages: ps.map((p) => p.id) }; },
    'POST /control/drop-connection': async (b) => { const ps = b.all ? [...pages.values()] : [pick(b, { paired: !b.unpaired })]; for (const p of ps) { if (p.device) blockedDevices.set(p.device.deviceId, b.ms ? Date.now() + b.ms : Infinity); p.loggedIn = false; ev('drop', { page: p.id, phone: p.phone, ms: b.ms }); p.ws.terminate(); } return { dropped: ps.map((p) => p.id) }; },
    'POST /control/restore-connection': async () => { const n = blockedDevices.size; blockedDevices.clear(); return { restored: n }; },
    'POST /control/conflict': async (b) => { const p = pick(b, { paired: true }); sendTo(p, { t: 'conflict' }); p.loggedIn = false; ev('conflict', { page: p.id, phone: p.phone }); setTimeout(() => p.ws.close(4409, 'replaced'), 20); return { page: p.id }; },
    'POST /control/state': async (b) => { const p = pick(b, { paired: b.phone || b.paired }); sendTo(p, { t: 'state', state: b.state }); return { page: p.id, state: b.state }; },
    'POST /control/resync': async (b) => { const p = pick(b, { paired: true }); sendTo(p, { t: 'resync' }); return { page: p.id }; },
    'POST /control/reload': async (b) => { const p = b.session ? pick(b) : pick(b, { paired: true }); sendTo(p, { t: 'reload' }); return { page: p.id }; },
    'POST /control/pushstate': async (b) => { const p = pick(b, { paired: !b.unpaired }); sendTo(p, { t: 'pushstate' }); return { page: p.id }; },
    'POST /control/hang': async (b) => { const p = pick(b, { paired: true }); sendTo(p, { t: 'hang', ms: b.ms || 10000 }); return { page: p.id }; },
    'POST /control/oom': async (b) => { const p = pick(b, { paired: true }); sendTo(p, { t: 'oom' }); return { page: p.id }; },
    'POST /control/page-config': async (b) => { const { session, phone, ...rest } = b; const p = pick({ session, phone }, { paired: !session }); sendTo(p, { t: 'cfg', cfg: rest }); return { page: p.id }; },
    'POST /control/eval': async (b) => { const p = b.session ? pick(b) : pick(b, { paired: true }); sendTo(p, { t: 'eval', js: b.js }); return { page: p.id }; },
    'POST /control/fail': async (b) => { faults.push({ count: 1, mode: 'error', ...b, phone: b.phone && digits(b.phone) }); return faults; },
    'DELETE /control/fail': async () => { faults.length = 0; return faults; },
    'POST /control/reset': async (b) => { sent.length = 0; actions.length = 0; events.length = 0; faults.length = 0; blockedDevices.clear(); if (b.all) { accounts.clear(); groups.clear(); numbers.clear(); devices.clear(); media.clear(); } return { ok: true }; },
  };
  const control = http.createServer(async (req, res) => {
    const u = new URL(req.url, 'http://127.0.0.1'); const out = (s, o) => { const t = JSON.stringify(o); res.writeHead(s, { 'content-type': 'application/json' }); res.end(t); };
    try {
      if (req.method === 'GET' && u.pathname.startsWith('/control/media/')) { const k = decodeURIComponent(u.pathname.slice('/control/media'.length)); const m = media.get(k); if (!m) return out(404, { error: 'no such media' }); res.writeHead(200, { 'content-type': m.mimetype || 'application/octet-stream', 'x-sha256': m.sha256 }); return res.end(m.buf); }
      const h = ctl[`${req.method} ${u.pathname}`]; if (!h) return out(404, { error: `no ${req.method} ${u.pathname}`, endpoints: Object.keys(ctl) });
      let b = Object.fromEntries(u.searchParams); if (req.method !== 'GET') { const t = await body(req, 256 * 1024 * 1024); if (t.length) b = { ...b, ...JSON.parse(t) }; }
      out(200, await h(b));
    } catch (e) { out(e.status || 500, { error: e.message }); }
  });
  await new Promise((r, j) => { tls.once('error', j); tls.listen(tlsPort, '127.0.0.1', r); });
  await new Promise((r, j) => { control.once('error', j); control.listen(ctlPort, '127.0.0.1', r); });
  const ports = { tlsPort: tls.address().port, controlPort: control.address().port };
  if (opts.writePort !== false) fs.writeFileSync(path.join(RUN, 'tls_port'), String(ports.tlsPort));
  return { ...ports, control: `http://127.0.0.1:${ports.controlPort}`, cfg, close: async () => { for (const p of pages.values()) p.ws.terminate(); for (const p of pages.values()) clearTimeout(p.refTimer); tls.closeAllConnections(); control.closeAllConnections(); await Promise.all([new Promise((r) => tls.close(r)), new Promise((r) => control.close(r))]); } };
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const config = {}; for (const a of process.argv.slice(2)) { const m = /^--([A-Za-z]+)=(.*)$/.exec(a); if (m && m[1] in DEFAULTS) { try { config[m[1]] = JSON.parse(m[2]); } catch { config[m[1]] = m[2]; } } else { console.error(`unknown argument ${a}; settings are --name=value, names: ${Object.keys(DEFAULTS).join(' ')}`); process.exit(2); } }
  const s = await startSim({ config });
  console.log(JSON.stringify({ ready: true, pid: process.pid, tlsPort: s.tlsPort, control: s.control }));
  for (const sig of ['SIGINT', 'SIGTERM']) process.on(sig, () => { s.close().finally(() => process.exit(0)); setTimeout(() => process.exit(0), 1000).unref(); });
}
