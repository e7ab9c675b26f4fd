import assert from 'node:assert/strict';
import { AUTHORITATIVE_ANSWER, encode } from 'dns-packet';
import { parseDns } from '../../../src/evidence/dns.js';
import { evidenceOf, PHONE, SBC } from '../../fixtures/evidence.js';
import { decoded } from '../../fixtures/names.js';

const srv = { name: '_sip._udp.Trunk.test', type: 'SRV' } as const;
const question = encode({ type: 'query', id: 7, questions: [srv] });
const response = (packet: object) => encode({ type: 'response', id: 7, questions: [srv], ...packet });

describe('DNS messages', () => {
  it('say what is asked for', () => {
    const { id, isResponse, rcode, name, type } = decoded({ type: 'query', id: 7, questions: [srv] });
    assert.deepEqual([id, isResponse, rcode, name, type], [7, false, null, '_sip._udp.trunk.test', 'SRV']);
  });

  it('say what is so, and for how long', () => {
    const data = { priority: 20, weight: 1, port: 5060, target: 'Edge-B.trunk.test' };
    const { authoritative, rcode, answers } = decoded({
      type: 'response',
      flags: AUTHORITATIVE_ANSWER,
      questions: [srv],
      answers: [
        { ...srv, ttl: 4, data },
        { name: 'edge-b.trunk.test', type: 'A', ttl: 3, data: '198.18.7.2' },
        { name: 'x.trunk.test', type: 'TXT', ttl: 3, data: 'not told' },
      ],
    });
    assert.deepEqual([authoritative, rcode], [true, 'NOERROR']);
    assert.deepEqual(
      answers.map(({ type, ttlS, data }) => [type, ttlS, data]),
      [
        ['SRV', 4, '20 1 5060 edge-b.trunk.test'],
        ['A', 3, '198.18.7.2'],
      ],
    );
  });

  it('say for how long it may be kept that there is nothing: the lesser of two figures (RFC 2308)', () => {
    const data = {
      mname: 'ns.trunk.test',
      rname: 'h.trunk.test',
      serial: 1,
      refresh: 1,
      retry: 1,
      expire: 1,
    };
    const soa = (ttl: number, minimum: number) =>
      decoded({
        type: 'response',
        flags: 3,
        questions: [srv],
        authorities: [{ name: 'trunk.test', type: 'SOA', ttl, data: { ...data, minimum } }],
      });
    assert.deepEqual([soa(3600, 1).rcode, soa(3600, 1).negativeTtlS], ['NXDOMAIN', 1]);
    assert.equal(soa(2, 3600).negativeTtlS, 2);
    assert.equal(decoded({ type: 'response', flags: 5, questions: [srv] }).negativeTtlS, null);
  });

  it('that are none are told, never thrown', () => {
    for (let length = 0; length < question.length; length++)
      assert.equal(typeof parseDns(question.subarray(0, length)), 'string');
    assert.equal(parseDns(encode({ type: 'query' })), 'DNS message without a question');
  });

  it('come out of captures by their port, with their place; and what does not parse is counted', async () => {
    const packet = (atMs: number, src: string, dst: string, ports: [number, number], payload: Buffer) => ({
      atMs,
      src,
      dst,
      srcPort: ports[0],
      dstPort: ports[1],
      payload,
    });
    const { dns, captures } = await evidenceOf([
      packet(1, PHONE, SBC, [4000, 53], question),
      packet(2, SBC, PHONE, [53, 4000], response({ flags: 2 })),
      packet(3, PHONE, SBC, [4000, 53], Buffer.from('nonsense')),
    ]);
    assert.deepEqual(
      dns.map(({ seen: { file, frame, sent }, rcode }) => [file, frame, sent, rcode]),
      [
        ['captures/phone.sbc.pcap', 1, true, null],
        ['captures/phone.sbc.pcap', 2, false, 'SERVFAIL'],
      ],
    );
    assert.match(captures[0]?.problems.join() ?? '', /1 × DNS message/);
  });
});
