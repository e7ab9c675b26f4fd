import assert from 'node:assert/strict';
import { parseSdpAudio } from '../../../src/evidence/sdp.js';

const sdp = (...lines: string[]) => ['v=0', 'o=- 1 1 IN IP4 10.0.0.1', 's=-', ...lines, ''].join('\r\n');

describe('parseSdpAudio', () => {
  it('takes what a media line says over what the session says', () => {
    const audio = parseSdpAudio(
      sdp(
        'c=IN IP4 198.18.0.1',
        'a=sendonly',
        't=0 0',
        'm=video 4000 RTP/AVP 96',
        'm=audio 5000 RTP/AVP 0 9 96',
        'c=IN IP6 2001:DB8:0::1',
        'a=rtpmap:96 opus/48000/2',
        'a=ptime:20',
        'a=inactive',
      ),
    );
    assert.deepEqual(audio, {
      address: '2001:db8::1',
      port: 5000,
      direction: 'inactive',
      payloads: [
        { type: 0, codec: 'PCMU', clockHz: 8000 },
        { type: 9, codec: 'G722', clockHz: 8000 },
        { type: 96, codec: 'opus', clockHz: 48000 },
      ],
      ptimeMs: 20,
    });
  });

  it('falls back to the session, and to sendrecv', () => {
    const session = parseSdpAudio(sdp('c=IN IP4 198.18.0.1', 'a=recvonly', 'm=audio 0 RTP/AVP 0'));
    assert.equal(session?.address, '198.18.0.1');
    assert.equal(session?.direction, 'recvonly');
    assert.equal(session?.port, 0);
    assert.equal(parseSdpAudio(sdp('c=IN IP4 1.2.3.4', 'm=audio 4 RTP/AVP 0'))?.direction, 'sendrecv');
  });

  it('gives null without an audio line or an address', () => {
    assert.equal(parseSdpAudio(sdp('c=IN IP4 1.2.3.4', 'm=video 4000 RTP/AVP 96')), null);
    assert.equal(parseSdpAudio(sdp('m=audio 4000 RTP/AVP 0')), null);
    assert.equal(parseSdpAudio('nonsense'), null);
  });

  it('says how media is encrypted, by keys or by its profile', () => {
    const encryption = (profile: string, ...lines: string[]) =>
      parseSdpAudio(
        sdp(
          'c=IN IP4 1.2.3.4',
          't=0 0',
          ...lines.slice(1),
          `m=audio 4 ${profile} 0`,
          lines[0] ?? 'a=sendrecv',
        ),
      )?.encryption;
    assert.equal(encryption('RTP/AVP'), undefined);
    assert.equal(encryption('RTP/AVPF'), undefined);
    assert.equal(
      encryption(
        'RTP/SAVP',
        'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz',
      ),
      'sdes',
    );
    assert.equal(encryption('UDP/TLS/RTP/SAVPF', 'a=fingerprint:sha-256 AA:BB'), 'dtls');
    assert.equal(encryption('UDP/TLS/RTP/SAVPF', 'a=sendrecv', 'a=fingerprint:sha-256 AA:BB'), 'dtls');
    assert.equal(encryption('RTP/SAVP', 'a=key-mgmt:mikey AQAFgM0X'), 'other');
  });

  it('copes with odd numbers', () => {
    const clockHz = (rate: string) =>
      parseSdpAudio(sdp('c=IN IP4 1.2.3.4', 'm=audio 04000 RTP/AVP 96', `a=rtpmap:96 opus/${rate}/2`))
        ?.payloads[0]?.clockHz;
    assert.equal(clockHz('048000'), 48000);
    assert.equal(clockHz('000'), 8000);
    assert.equal(parseSdpAudio(sdp('c=IN IP4 1.2.3.4', 'm=audio 04000 RTP/AVP 0'))?.port, 4000);
    assert.equal(parseSdpAudio(sdp('c=IN IP4 1.2.3.4', 'm=audio 65536 RTP/AVP 0')), null);
  });
});
