import assert from 'node:assert/strict';
import { filtersFor } from '../../../src/emulator/netem/filters.js';
import type { Match } from '../../../src/plan/impairment.js';

const lines = (match: Match) =>
  filtersFor(match, 'drop').map(({ protocol, keys }) => [protocol, ...keys].join(' '));

describe('netem filters', () => {
  it('name all that a match names in one filter: AND', () => {
    assert.deepEqual(
      lines({
        protocol: 'udp',
        source: '198.18.0.0/24',
        destination: '198.18.1.2',
        sourcePort: 5060,
        destinationPort: [10_000, 20_000],
        dscp: 46,
      }),
      [
        'ip ip_proto udp src_ip 198.18.0.0/24 dst_ip 198.18.1.2 ip_tos 0xb8/0xfc src_port 5060 dst_port 10000-20000',
      ],
    );
  });

  it('take ports without a protocol for those of UDP and of TCP', () => {
    assert.deepEqual(lines({ destinationPort: 53 }), [
      'ip ip_proto udp dst_port 53',
      'ip ip_proto tcp dst_port 53',
    ]);
  });

  it('take an empty match for every frame, and an address alone for IPv4', () => {
    assert.deepEqual(lines({}), ['all']);
    assert.deepEqual(lines({ source: '198.18.0.9' }), ['ip src_ip 198.18.0.9']);
    assert.deepEqual(lines({ protocol: 'icmp' }), ['ip ip_proto icmp']);
    assert.deepEqual(lines({ protocol: 'arp' }), ['arp']);
  });

  it('write networks as tc shows them', () => {
    assert.deepEqual(lines({ source: '198.18.77.9/16' }), ['ip src_ip 198.18.0.0/16']);
    assert.deepEqual(lines({ source: '198.19.255.255/15' }), ['ip src_ip 198.18.0.0/15']);
    assert.deepEqual(lines({ source: '198.18.0.9/32' }), ['ip src_ip 198.18.0.9']);
    assert.deepEqual(lines({ source: '198.18.0.255/25' }), ['ip src_ip 198.18.0.128/25']);
  });

  it('read no SIP and no RTP', () => {
    assert.throws(() => lines({ sip: { method: 'INVITE' } }), RangeError);
    assert.throws(() => lines({ rtp: {} }), RangeError);
  });
});
