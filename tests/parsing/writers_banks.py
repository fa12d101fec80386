"""Writes bank statements as banks do: the 1C exchange text, and camt.053."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Keys = Mapping[str, str]


def exchange(
    head: Keys,
    sections: Sequence[Keys],
    documents: Sequence[tuple[str, Keys]],
    *,
    accounts: Sequence[str],
    encoding: str = "cp1251",
    newline: str = "\r\n",
) -> bytes:
    """`kl_to_1c.txt`: `Кодировка` says Windows whatever the encoding is, as many banks do."""
    lines = ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows"]
    lines += _keys(head)
    lines += [f"РасчСчет={account}" for account in accounts]
    for section in sections:
        lines += ["СекцияРасчСчет", *_keys(section), "КонецРасчСчет"]
    for kind, document in documents:
        lines += [f"СекцияДокумент={kind}", *_keys(document), "КонецДокумента", ""]
    return newline.join([*lines, "КонецФайла", ""]).encode(encoding)


def _keys(keys: Keys) -> list[str]:
    return [f"{key}={value}" for key, value in keys.items()]


def camt(statements: Sequence[str], *, version: str = "02") -> bytes:
    """A camt.053 document of these `Stmt` elements."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Document xmlns={quoteattr(namespace)}><BkToCstmrStmt>"
        "<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-11-21T06:00:00</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    ).encode()


def stmt(number: str, account: str, balances: Sequence[str], entries: Sequence[str]) -> str:
    """A `Stmt` of one account; the account is not an IBAN."""
    return (
        f"<Stmt><Id>{number}</Id><CreDtTm>2026-11-21T06:00:00+03:00</CreDtTm>"
        "<FrToDt><FrDtTm>2026-11-20T00:00:00</FrDtTm><ToDtTm>2026-11-20T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>"
        f"{''.join(balances)}{''.join(entries)}</Stmt>"
    )


def bal(mark: str, amount: str, sign: str = "CRDT", day: str = "2026-11-20") -> str:
    """A balance; its amount has no sign."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{mark}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="RUB">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def ntry(
    amount: str,
    sign: str,
    details: Sequence[str] = (),
    *,
    status: str = "<Sts>BOOK</Sts>",
    more: str = "",
    booked: str = "<BookgDt><Dt>2026-11-20</Dt></BookgDt>",
) -> str:
    """An entry; `more` stands after its side (`<RvslInd>true</RvslInd>`)."""
    bundled = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="RUB">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{status}{booked}'
        f"<ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>A-{amount}</AcctSvcrRef>{bundled}</Ntry>"
    )


def details(
    reference: str,
    party: str,
    name: str,
    account: str,
    purposes: Sequence[str],
    *,
    inn: str = "7700000003",
    amount: str = "",
    wrapped: bool = False,
) -> str:
    """A `TxDtls`; `party` is `Dbtr` or `Cdtr`; since version 08 a party is `wrapped` in `Pty`."""
    who = f"<Nm>{escape(name)}</Nm><Id><OrgId><Othr><Id>{inn}</Id></Othr></OrgId></Id>"
    who = f"<Pty>{who}</Pty>" if wrapped else who
    lines = "".join(f"<Ustrd>{escape(purpose)}</Ustrd>" for purpose in purposes)
    own = f'<Amt Ccy="RUB">{amount}</Amt>' if amount else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{own}"
        f"<RltdPties><{party}>{who}</{party}>"
        f"<{party}Acct><Id><Othr><Id>{account}</Id></Othr></Id></{party}Acct></RltdPties>"
        f"<RmtInf>{lines}</RmtInf></TxDtls>"
    )
