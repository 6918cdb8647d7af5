"""What codes mean in plain words, in the visitor's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import Flask, current_app, request
from flask_babel import get_locale, gettext, lazy_gettext

from firmware.board.lamps import Shows, table
from web import language
from web.scopes import ADMIN, METRICS, OWNER, READ, VIEWER, WRITE

FAULTS = {
    "no_modem": (
        lazy_gettext("No modem found"),
        lazy_gettext("Plug the modem in. Calls come through as if the box were not there."),
    ),
    "silent": (
        lazy_gettext("The modem does not answer"),
        lazy_gettext("It is being tried again and again. If this stays, unplug it for ten seconds."),
    ),
    "lost": (
        lazy_gettext("The modem was lost"),
        lazy_gettext("Check its plug. It is found again by itself, under whatever name."),
    ),
    "no_caller_id": (
        lazy_gettext("The modem knows no caller ID"),
        lazy_gettext("Another modem is needed: one with caller ID (来电显示)."),
    ),
    "no_proxy": (
        lazy_gettext("The SIP proxy does not answer"),
        lazy_gettext(
            "Is the service ringfence-sip running? As long as it is not, SIP phones cannot be called."
        ),
    ),
    "no_redis": (
        lazy_gettext("Redis does not answer"),
        lazy_gettext("SIP calls are judged by what was published last, or come through."),
    ),
    "sip_lost": (
        lazy_gettext("The connection to the telephone system was lost"),
        lazy_gettext("It is being made again. Calls ring at your telephones meanwhile."),
    ),
    "sip_unknown_host": (
        lazy_gettext("No server of that name is found"),
        lazy_gettext("Check the server, and whether the box has a network."),
    ),
    "sip_unreachable": (
        lazy_gettext("The server cannot be reached"),
        lazy_gettext("Check the server, the transport and the network. It is being tried again."),
    ),
    "sip_silent": (
        lazy_gettext("The server does not answer"),
        lazy_gettext("Check the server and the transport. It is being tried again."),
    ),
    "sip_certificate": (
        lazy_gettext("The certificate of the server is not trusted"),
        lazy_gettext("Routers make their own: choose TLS without a check of the certificate, or TCP."),
    ),
    "sip_refused": (
        lazy_gettext("The server refuses the registration"),
        lazy_gettext("Check user name, login and password. It is tried again after five minutes, or now."),
    ),
    "sip_unwell": (
        lazy_gettext("The server cannot register anybody now"),
        lazy_gettext("It is being tried again."),
    ),
    "relay": (
        lazy_gettext("The relay cannot be driven"),
        lazy_gettext("Run `ringfence doctor`. Handset and line stay connected."),
    ),
}

AILMENTS = {
    "store": (lazy_gettext("Nothing more can be kept: the card takes no more changes."), "board"),
    "disk": (lazy_gettext("The card is nearly full."), "board"),
    "backup": (lazy_gettext("The last backup was not made."), "settings"),
    "clock": (lazy_gettext("The clock may be wrong: the network has not set it."), "board"),
    "lists": (lazy_gettext("A list could not be renewed."), "lists"),
    "notices": (lazy_gettext("A notification could not be sent."), "notices"),
}
"""What may not work as it should beside the line, and the page on which that is mended."""

HINTS = {
    "country_refused": lazy_gettext(
        "The modem does not know this country, and may miss the caller ID of its lines."
    ),
    "left_out": lazy_gettext(
        "Some rules cannot be applied by the SIP proxies: those over names, patterns, expressions, places abroad."
    ),
    "caller_id_never_comes": lazy_gettext(
        "Calls keep coming without any caller ID. Ask your operator to switch the service on (来电显示)."
    ),
}

STATES = {
    "starting": lazy_gettext("Starting"),
    "guarding": lazy_gettext("Guarding the line"),
    "paused": lazy_gettext("Not blocking for a while"),
    "ringing": lazy_gettext("A call rings"),
    "fault": lazy_gettext("Not guarding"),
}

LAMPS = {"guard": lazy_gettext("Guarding"), "call": lazy_gettext("Call"), "cut": lazy_gettext("Cut")}

PARTS = {
    **LAMPS,
    "relay": lazy_gettext("Relay"),
    "block": lazy_gettext("BLOCK button"),
    "pass": lazy_gettext("PASS button"),
    "ring": lazy_gettext("Ring detector"),
    "hook": lazy_gettext("Hook sensor"),
    "supply": lazy_gettext("Local supply"),
    "buzzer": lazy_gettext("Buzzer"),
}
"""The parts of `hw/board.toml`."""

FIRST_STEPS = {
    "place": lazy_gettext("Where"),
    "line": lazy_gettext("Line"),
    "board": lazy_gettext("Board"),
    "sets": lazy_gettext("Rules"),
}

RELAY = {
    "connected": lazy_gettext("Handset and line are connected"),
    "cut": lazy_gettext("The handset is cut off while this call rings"),
    "guard": lazy_gettext("The handset is on guard: it is connected as soon as it is lifted"),
}

SIP_ENDINGS = {
    "take": lazy_gettext("is taken at once, and ended (works everywhere)"),
    "603": lazy_gettext("is declined for all telephones (603)"),
    "607": lazy_gettext("is declined as unwanted (607)"),
}

SIP_TRANSPORTS = {
    "udp": lazy_gettext("UDP (usual)"),
    "tcp": lazy_gettext("TCP"),
    "tls": lazy_gettext("TLS"),
    "tls-unchecked": lazy_gettext("TLS, without a check of the certificate"),
}

ABSENCES = {
    "withheld": lazy_gettext("Number withheld"),
    "unavailable": lazy_gettext("Number unavailable"),
    None: lazy_gettext("No caller ID"),
}

REFUSALS = {
    "pool_pool": lazy_gettext("Nobody has called from there."),
    "pool_answer": lazy_gettext("That is no answer."),
    "empty": lazy_gettext(
        "Please say whom the rule is about: a number, the beginning of one, or something from “More”."
    ),
    "several": lazy_gettext("A rule is about one thing: a number, a kind, a name, a place or an operator."),
    "characters": lazy_gettext(
        "A number has digits, perhaps a + before them and a * or ? for those that are open, and nothing else."
    ),
    "too_long": lazy_gettext("That is too long for a number."),
    "range": lazy_gettext("The ends of a range have as many digits, and the lower one stands first."),
    "stars": lazy_gettext("A number may have two * at most, and never side by side."),
    "expression": lazy_gettext("That is no regular expression (RE2)."),
    "most": lazy_gettext("There are as many regular expressions as the box can keep. Remove one first."),
    "kind": lazy_gettext("There is no such kind of caller."),
    "match": lazy_gettext("That is nothing by which callers can be told apart."),
    "protected": lazy_gettext("Emergency and public-service numbers cannot be blocked."),
    "action": lazy_gettext("Please choose to block or to allow."),
    "note": lazy_gettext("The note is too long."),
    "how": lazy_gettext("A call cannot be rejected like that."),
    "line": lazy_gettext("There is no such line."),
    "when": lazy_gettext("Please give both times of day, and let them differ."),
    "until": lazy_gettext("That is no day and time."),
    "at": lazy_gettext("That is no day and time."),
    "account_name": lazy_gettext("A name has 1 to 40 characters."),
    "account_taken": lazy_gettext("Somebody else has that name."),
    "account_role": lazy_gettext("Please choose what the account may do."),
    "account_password": lazy_gettext("The password must have at least 8 characters."),
    "account_most": lazy_gettext("There are as many accounts as the box can keep. Remove one first."),
    "account_last_owner": lazy_gettext("Somebody has to be able to change things: there is no other owner."),
    "account_gone": lazy_gettext("There is no such account any more."),
    "token_name": lazy_gettext("A program needs a name of 1 to 64 characters."),
    "token_scopes": lazy_gettext("Please choose what the program may do."),
    "token_most": lazy_gettext("There are as many programs as the box can keep. Remove one first."),
    "since": lazy_gettext("That is no day."),
    "verdict": lazy_gettext("There is no such verdict."),
    "pause_minutes": lazy_gettext("A pause lasts 1 minute to 12 hours."),
    "not_taken_back": lazy_gettext("That cannot be taken back any more."),
    "password_wrong": lazy_gettext("That is not the password."),
    "password_short": lazy_gettext("The password must have at least 8 characters."),
    "contact_name": lazy_gettext("A contact needs a name of 1 to 100 characters."),
    "contact_numbers": lazy_gettext("A contact needs a telephone number that can exist."),
    "known_number": lazy_gettext("That is no telephone number."),
    "contacts_empty": lazy_gettext("The file is empty. Please choose one with contacts."),
    "contacts_too_large": lazy_gettext("The file is too large: 32 MB at most."),
    "contacts_not_contacts": lazy_gettext(
        "No contacts were found in it. vCard (.vcf) and CSV files can be read."
    ),
    "contacts_too_many": lazy_gettext("These are more than 50,000 contacts. Nothing was kept."),
    "list_name": lazy_gettext("A list needs a name of 1 to 100 characters."),
    "list_action": lazy_gettext("Please choose to block or to allow."),
    "list_most": lazy_gettext("There are as many lists as the box can keep. Remove one first."),
    "list_url": lazy_gettext("That is no address of a list."),
    "list_scheme": lazy_gettext("The address of a list begins with https:// or http://."),
    "list_userinfo": lazy_gettext("An address with a name or password in it is not taken."),
    "list_port": lazy_gettext("Lists come from the usual ports, 443 and 80, alone."),
    "list_token": lazy_gettext("That is no token, or the address does not begin with https://."),
    "list_too_large": lazy_gettext("The file is too large: 32 MB at most."),
    "list_file": lazy_gettext("Please choose a file."),
    "sip_name": lazy_gettext("A name has 1 to 32 letters, digits, spaces, dots and dashes."),
    "sip_taken": lazy_gettext("Another line has that name."),
    "sip_server": lazy_gettext("A server is a name or an address, perhaps with a colon and the port."),
    "sip_proxy": lazy_gettext("A proxy is a name or an address, perhaps with a colon and the port."),
    "sip_user": lazy_gettext("That is no user name. It has neither spaces nor an @."),
    "sip_login": lazy_gettext("That is no login."),
    "sip_password": lazy_gettext("Please give the password again: it would go somewhere else than before."),
    "sip_transport": lazy_gettext("Please choose a transport."),
    "sip_ending": lazy_gettext("Please choose what becomes of a blocked call."),
    "sip_expiry": lazy_gettext("A registration lasts from 60 to 3600 seconds."),
    "sip_wait": lazy_gettext("The box rings along for at most 120 seconds."),
    "sip_internal": lazy_gettext("Numbers of the house have at most 8 digits."),
    "sip_exempt": lazy_gettext("At most 20 such callers, with spaces between."),
    "sip_most": lazy_gettext("There are as many accounts as the box can keep. Remove one first."),
    "notices_name": lazy_gettext("An address needs a name of 1 to 100 characters."),
    "notices_most": lazy_gettext("There are as many addresses as the box can keep. Remove one first."),
    "notices_url": lazy_gettext("No service has such an address. Is something missing in it?"),
    "mark_kind": lazy_gettext("There is no such kind."),
    "mark_said": lazy_gettext("That was not kept: it is too long, or no text."),
    "own_wrong": lazy_gettext("Your details have at most 200 characters each, on one line."),
    "complaint_answer": lazy_gettext("That was not kept: it is too long, or no text."),
    "complaint_state": lazy_gettext("That was not kept: it is too long, or no text."),
    "complaint_calls": lazy_gettext("A complaint has at least one call, and a call is in one complaint."),
    "complaints_most": lazy_gettext("There are as many complaints as the box can keep. Delete one first."),
    "trial_ringing": lazy_gettext("A call rings: try again when it is over."),
    "trial_stuck": lazy_gettext("The relay could not be driven. The check-up says more."),
    "backup_format": lazy_gettext("That is no backup which this version can read. Nothing was changed."),
    "backup_too_many": lazy_gettext("There is too much in this backup. Nothing was changed."),
}

SUCCESSES = {
    "account_kept": lazy_gettext("The account is kept."),
    "account_changed": lazy_gettext("The account is changed."),
    "account_removed": lazy_gettext("The account is removed, and signed out."),
    "pool_answered": lazy_gettext("Your answer is kept, and in force."),
    "password_changed": lazy_gettext("The password is changed. Other devices have to sign in again."),
    "restored": lazy_gettext(
        "The backup is in force. Lists are fetched and built again; those that need a token have to be given it anew."
    ),
    "note_kept": lazy_gettext("The note is kept."),
    "kind_kept": lazy_gettext("The kind is kept with this call."),
    "kind_gone": lazy_gettext("The kind is taken away."),
    "mark_kept": lazy_gettext("Kept with this call."),
    "courier_expected": lazy_gettext("A courier is expected."),
    "courier_ended": lazy_gettext("Nobody is expected any more."),
    "paused": lazy_gettext("The blocking is paused."),
    "resumed": lazy_gettext("The blocking goes on."),
    "contacts_kept": lazy_gettext("The contacts are taken in."),
    "complaint_begun": lazy_gettext("The complaint is made ready."),
    "complaint_calls_kept": lazy_gettext("The calls of the complaint are changed."),
    "complaint_state_kept": lazy_gettext("How far the complaint has come is kept."),
    "taken_back": lazy_gettext("It is taken back."),
    "trial_lamps": lazy_gettext("The lamps light one after another."),
    "trial_relay": lazy_gettext("The relay has parted handset and line, and connected them again."),
    "settings_kept": lazy_gettext("The settings are kept."),
    "forgotten": lazy_gettext("That is forgotten, and gone from the card's files."),
    "forgotten_wished": lazy_gettext(
        "That is forgotten, and gone from the card's files. The number still stands in your rules or contacts."
    ),
    "backed_up": lazy_gettext("The backup is made, and was read back."),
    "restarted": lazy_gettext("The box has restarted."),
    "sip_kept": lazy_gettext("The line is kept, and is being registered."),
    "sip_changed": lazy_gettext("The line is changed."),
    "sip_registering": lazy_gettext("It is being registered. What comes of it is shown here."),
    "sip_removed": lazy_gettext("The line is removed."),
    "notices_kept": lazy_gettext("The address is kept. Send a test to see whether it arrives."),
    "notices_sent": lazy_gettext("The test is sent."),
    "notices_removed": lazy_gettext("The address is removed."),
    "rule_kept": lazy_gettext("The rule is kept and in force."),
    "rule_changed": lazy_gettext("The rule is changed, and in force as it is now."),
    "rule_on": lazy_gettext("The rule is in force again."),
    "rule_off": lazy_gettext("The rule is off."),
    "rule_removed": lazy_gettext("The rule is removed."),
    "set_on": lazy_gettext("The set is on, and in force."),
    "set_off": lazy_gettext("The set is off."),
    "token_removed": lazy_gettext("The program has no access any more."),
    "contact_kept": lazy_gettext("The contact is kept, and comes through."),
    "contact_removed": lazy_gettext("The contact is removed."),
    "known_kept": lazy_gettext("The number is known, and comes through segments and lists."),
    "known_forgotten": lazy_gettext("The number is forgotten, and judged as any other."),
    "own_kept": lazy_gettext("Your details are kept."),
    "complaint_prepared": lazy_gettext("The complaint is kept as not yet filed."),
    "complaint_filed": lazy_gettext("The complaint is kept as filed."),
    "complaint_answered": lazy_gettext("The answer is kept."),
    "complaint_removed": lazy_gettext("The complaint is deleted. Its calls are still in the log."),
    "list_kept": lazy_gettext("The list is kept, and being read."),
    "list_changed": lazy_gettext("The list is changed."),
    "list_wanted": lazy_gettext("The list is fetched again."),
    "list_removed": lazy_gettext("The list is removed."),
}

REMARKS = {
    "replaces": lazy_gettext("It takes the place of the rule that does the opposite: %(match)s."),
    "contradicts": lazy_gettext(
        "At other times or on other terms, another rule does the opposite: %(match)s."
    ),
    "repeats": lazy_gettext("Another rule already does the same: %(match)s."),
    "exception": lazy_gettext("It is an exception, and decides before this rule: %(match)s."),
    "excepted": lazy_gettext("An exception stays, which goes on deciding before it: %(match)s."),
    "contact": lazy_gettext("%(match)s is one of your contacts, and comes through all the same."),
}

BACKUP_FAULTS = {
    "folder": lazy_gettext(
        "The folder for backups is not there, or cannot be written. Is the USB stick plugged in?"
    ),
    "unmounted": lazy_gettext("The folder for backups is on the box's own card: the USB stick is missing."),
    "disk": lazy_gettext("The disk for backups is full, or refuses to keep them."),
    "spoiled": lazy_gettext("The disk for backups gave back something else than was written: it is failing."),
}

REFUSALS |= {f"backups_{code}": words for code, words in BACKUP_FAULTS.items()}

UNSENT = {
    "url": lazy_gettext("No service has such an address. Is something missing in it?"),
    "address": lazy_gettext("The address leads into a home network; the box writes to public ones alone."),
    "name": lazy_gettext("The server is not found. Is the box on the Internet?"),
    "denied": lazy_gettext("The server cannot be reached, or refuses the message. Is the key right?"),
    "timeout": lazy_gettext("The server took too long."),
    "error": lazy_gettext("The message could not be sent."),
}
"""Why a notice did not go out."""

REFUSALS |= {f"unsent_{code}": words for code, words in UNSENT.items()}

CONTACTS_NOTES = {
    "columns_guessed": lazy_gettext("The table has no known headings: please check names and numbers."),
    "cut": lazy_gettext("What was too long or too much was left out."),
    "merged": lazy_gettext("Some were in it twice, and became one."),
    "rounded": lazy_gettext("A spreadsheet has lost digits of some numbers (1.38E+10): please look at them."),
    "undecodable": lazy_gettext("Some characters of names could not be read."),
    "unfinished": lazy_gettext("The file breaks off: something may be missing at its end."),
}

LIST_FAULTS = {
    "url": lazy_gettext("That is no address of a list."),
    "scheme": lazy_gettext("The address leads to something other than https or http."),
    "userinfo": lazy_gettext("The address has a name or password in it."),
    "port": lazy_gettext("The address leads to an unusual port."),
    "name": lazy_gettext("There is no server of that name. Is the box on the Internet?"),
    "address": lazy_gettext(
        "The server is inside a home network, and lists are fetched from public ones alone."
    ),
    "redirects": lazy_gettext("The server leads from one address to the next without end."),
    "connection": lazy_gettext("The server cannot be reached."),
    "certificate": lazy_gettext("The server cannot prove who it is (its certificate is not valid)."),
    "tls": lazy_gettext("There was no secure connection to the server."),
    "timeout": lazy_gettext("The server took too long."),
    "protocol": lazy_gettext("What answers is no web server."),
    "denied": lazy_gettext("The server wants a token, or another one than it got."),
    "left_out": lazy_gettext(
        "The backup had the name of this list without its numbers. Please upload its file again."
    ),
    "status": lazy_gettext("The server has no such list, or does not give it out."),
    "length": lazy_gettext("The server does not say how long the list is."),
    "truncated": lazy_gettext("The connection broke before the list was whole."),
    "too_large": lazy_gettext("The list is too large."),
    "too_many": lazy_gettext("The list has more than ten million numbers."),
    "gzip": lazy_gettext("The list is packed in a way that cannot be read."),
    "no_numbers": lazy_gettext("There are no numbers in it."),
    "no_list": lazy_gettext("It is no list of numbers: most lines are something else."),
    "disk": lazy_gettext("The card has no room, or refuses to keep it."),
    "error": lazy_gettext("It could not be compiled."),
}

LIST_PHASES = {
    "fetching": lazy_gettext("Being fetched"),
    "reading": lazy_gettext("Being read"),
    "writing": lazy_gettext("Being sorted and written"),
}

SETTING_NAMES = {
    "region": lazy_gettext("Country of the line"),
    "area": lazy_gettext("Area code of the line"),
    "block_action": lazy_gettext("A blocked call"),
    "first_ring": lazy_gettext("The first ring, which comes before the number"),
    "first_ring_hours": lazy_gettext("Hours for that"),
    "withheld": lazy_gettext("Callers who withhold their number"),
    "unavailable": lazy_gettext("Callers whose number is unavailable"),
    "zone": lazy_gettext("Time zone of the line"),
    "redial_s": lazy_gettext("Seconds in which a blocked caller who calls again comes through"),
    "known_s": lazy_gettext("Seconds of talk after which a caller is known"),
    "courier_segments": lazy_gettext("Who comes through while a courier is expected"),
    "courier_minutes": lazy_gettext("Minutes for which a courier is expected"),
    "pools": lazy_gettext("A pool of look-alikes that is found"),
    "pool_cost": lazy_gettext("Unwanted calls that are as bad as a wanted one that is lost"),
    "silence_s": lazy_gettext("Seconds without a ring after which a call is over"),
    "retention_days": lazy_gettext("Days for which calls are kept"),
    "retention_calls": lazy_gettext("Calls kept at most"),
    "log_level": lazy_gettext("How much the box writes into its log"),
    "backup_every": lazy_gettext("Backups made by itself"),
    "backup_folder": lazy_gettext("Where they are kept"),
    "backup_keep": lazy_gettext("How many are kept"),
    "tell_fault": lazy_gettext("When the box does not work as it should"),
    "tell_blocked": lazy_gettext("Blocked calls"),
    "tell_unknown": lazy_gettext("Unknown callers who were let through"),
    "tell_pool": lazy_gettext("Numbers that look like one dialling platform"),
    "tell_silence": lazy_gettext("The first call after a week without any"),
    "tell_hour": lazy_gettext("Hour of the daily message"),
    "tell_language": lazy_gettext("Language of the messages"),
}

SETTING_HELP = {
    "region": lazy_gettext("It decides which numbers are emergency numbers, and how numbers are read."),
    "area": lazy_gettext("Such as 010. Callers nearby are shown without it."),
    "block_action": lazy_gettext("Cut off, the phone stops ringing. Hung up, the caller hears it too."),
    "first_ring_hours": lazy_gettext("Such as 22:00-07:00; 12:30-14:30. Empty: always."),
    "withheld": lazy_gettext("They could show their number, and choose not to."),
    "unavailable": lazy_gettext("Many of them call from abroad or over old exchanges."),
    "zone": lazy_gettext("Such as Asia/Shanghai. Empty: as the box's own clock."),
    "redial_s": lazy_gettext("Who is in distress calls twice. 0: never."),
    "known_s": lazy_gettext("Whoever you talked with that long comes through segments and lists. 0: never."),
    "courier_segments": lazy_gettext("* is everyone; or segments such as 170* 171*."),
    "courier_minutes": lazy_gettext("So long each time; another press adds as much."),
    "pools": lazy_gettext("Look-alike numbers behind which one platform seems to call."),
    "pool_cost": lazy_gettext("The more, the surer a pool has to be before it is called one."),
    "silence_s": lazy_gettext(
        "Longer than the pause between two rings of your line: 4 s in China and the US."
    ),
    "retention_days": lazy_gettext("Older ones are deleted."),
    "retention_calls": lazy_gettext("Of more than these, the oldest are deleted."),
    "log_level": lazy_gettext("In force at once; `journalctl -u ringfence` shows it."),
    "backup_every": lazy_gettext("They have your calls and contacts in them, and no password or key."),
    "backup_folder": lazy_gettext(
        "A USB stick is offered once it is mounted. On the box's own card they are lost when the card is."
    ),
    "tell_fault": lazy_gettext("Told when it has lasted a minute, and when it is mended."),
    "tell_silence": lazy_gettext("It shows that the line works again."),
}
"""What a setting means, where its name alone does not say it."""

SETTING_GROUPS = {
    "line": (lazy_gettext("The line"), ("region", "area"), ("zone", "silence_s")),
    "unwanted": (
        lazy_gettext("Unwanted calls"),
        ("block_action", "pools", "withheld", "unavailable", "first_ring"),
        ("first_ring_hours", "pool_cost"),
    ),
    "wanted": (
        lazy_gettext("Wanted calls"),
        ("courier_minutes", "known_s"),
        ("courier_segments", "redial_s"),
    ),
    "notices": (
        lazy_gettext("Notifications"),
        ("tell_blocked", "tell_pool", "tell_fault"),
        ("tell_unknown", "tell_silence", "tell_hour", "tell_language"),
    ),
    "backup": (lazy_gettext("Regular backups"), ("backup_every", "backup_folder"), ("backup_keep",)),
    "kept": (lazy_gettext("What is kept"), ("retention_days",), ("retention_calls", "log_level")),
}
"""The heading of each group of settings, those that everyone understands, and more."""

CHOICES = {
    "cut": lazy_gettext("is cut off from the handset"),
    "cut+hangup": lazy_gettext("is cut off, answered and hung up"),
    "hangup": lazy_gettext("is answered and hung up"),
    "allow": lazy_gettext("Allow"),
    "block": lazy_gettext("Block"),
    "ring": lazy_gettext("is heard"),
    "mute": lazy_gettext("is muted as it begins"),
    "tell": lazy_gettext("is told on the page"),
    "ask": lazy_gettext("is asked about"),
    "guard": lazy_gettext("is never heard: the handset stands on guard"),
    "off": lazy_gettext("do not tell"),
    "now": lazy_gettext("tell at once"),
    "daily": lazy_gettext("tell once a day"),
    "error": lazy_gettext("faults alone"),
    "warning": lazy_gettext("faults and warnings"),
    "info": lazy_gettext("what happens"),
    "debug": lazy_gettext("everything"),
}

PERIODS = {
    "off": lazy_gettext("never"),
    "daily": lazy_gettext("every day"),
    "weekly": lazy_gettext("every week"),
}

FIRST_RING_WHY = {
    "parts": lazy_gettext("The first ring is heard: the board lacks the parts to keep it away."),
    "unproved": lazy_gettext(
        "The handset is not on guard yet: lift it and put it down once a day, so that its sensor proves itself."
    ),
}

STEPS = {
    "protected": lazy_gettext("Emergency and public service"),
    "contact": lazy_gettext("Contacts"),
    "pause": lazy_gettext("The pause"),
    "number": lazy_gettext("Your rules for this very number"),
    "utility": lazy_gettext("Public utilities"),
    "pass": lazy_gettext("Couriers expected, and known callers"),
    "redial": lazy_gettext("Called again at once"),
    "rule": lazy_gettext("Your other rules"),
    "list": lazy_gettext("Lists"),
    "pool": lazy_gettext("Pools of look-alikes"),
    "default": lazy_gettext("Everyone else"),
}

KINDS = {
    "mobile": lazy_gettext("mobile"),
    "mvno": lazy_gettext("virtual operator"),
    "landline": lazy_gettext("landline"),
    "toll-free": lazy_gettext("free of charge"),
    "shared-cost": lazy_gettext("shared cost"),
    "service": lazy_gettext("service number"),
    "m2m": lazy_gettext("machine"),
    "satellite": lazy_gettext("satellite phone"),
    "premium": lazy_gettext("premium rate"),
    "voip": lazy_gettext("Internet telephone"),
}

OPERATORS = {
    "China Mobile": lazy_gettext("China Mobile"),
    "China Unicom": lazy_gettext("China Unicom"),
    "China Telecom": lazy_gettext("China Telecom"),
    "China Broadnet": lazy_gettext("China Broadnet"),
}

CALLERS = {
    "anyone": lazy_gettext("everyone"),
    "withheld": lazy_gettext("callers who withhold their number"),
    "unavailable": lazy_gettext("callers whose number is unavailable"),
    "international": lazy_gettext("calls from abroad"),
    "impossible": lazy_gettext("numbers that cannot exist"),
    "unverified": lazy_gettext("numbers that the network checked and could not confirm"),
    "ring-once": lazy_gettext("numbers that rang once and gave up"),
    "mobile": lazy_gettext("mobile phones"),
    "mvno": lazy_gettext("numbers of virtual operators"),
    "landline": lazy_gettext("landlines"),
    "toll-free": lazy_gettext("numbers free of charge"),
    "shared-cost": lazy_gettext("shared-cost numbers, such as 400"),
    "service": lazy_gettext("service numbers, such as 95588"),
    "m2m": lazy_gettext("machines"),
    "satellite": lazy_gettext("satellite phones"),
    "premium": lazy_gettext("premium-rate numbers"),
    "voip": lazy_gettext("Internet telephones"),
}
"""The kinds of caller of which a rule may speak, in the order in which they are offered."""

POOL_MODES = {
    "tell": lazy_gettext("You are told of a pool here. It is let through until you block it."),
    "ask": lazy_gettext(
        "You are asked about a pool here and by the lamps. It is let through until you block it."
    ),
    "block": lazy_gettext(
        "A pool is blocked as soon as it is found, and as long as it calls. "
        "Who is blocked and rings again within five minutes comes through."
    ),
}

POOL_ANSWERS = {
    "block": lazy_gettext("You blocked it"),
    "allow": lazy_gettext("You let it through"),
    "later": lazy_gettext("You are asked again in a week"),
}

SETS = {
    "mvno": (
        lazy_gettext("Virtual operators"),
        lazy_gettext(
            "Operators without a network of their own: many nuisance callers are with them, and some couriers."
        ),
    ),
    "call-centres": (
        lazy_gettext("Call centres"),
        lazy_gettext("The codes of call centres. Banks, airlines and utilities have others, and stay open."),
    ),
    "international": (
        lazy_gettext("Calls from abroad"),
        lazy_gettext("Every number of another country, and those that pretend to be one."),
    ),
    "withheld": (lazy_gettext("Hidden numbers"), lazy_gettext("Callers who withhold their number.")),
    "ring-once": (
        lazy_gettext("One-ring callers"),
        lazy_gettext("A number that rang once and gave up wants to be called back, at your cost."),
    ),
    "impossible": (
        lazy_gettext("Impossible numbers"),
        lazy_gettext("A number that cannot exist is a forged one."),
    ),
    "night": (
        lazy_gettext("Quiet at night"),
        lazy_gettext("Nobody rings but contacts, whom you allow, and emergency services."),
    ),
}


ROLES = {
    OWNER: lazy_gettext("see and change everything"),
    VIEWER: lazy_gettext("see everything and change nothing"),
}

SCOPES = {
    READ: lazy_gettext("See calls, rules, lists and settings"),
    WRITE: lazy_gettext("Change them"),
    ADMIN: lazy_gettext("Manage accounts and programs"),
    METRICS: lazy_gettext("Read the metrics (Prometheus)"),
}

CASE_STATES = {
    "prepared": lazy_gettext("Not yet filed"),
    "filed": lazy_gettext("Filed"),
    "answered": lazy_gettext("Answered"),
}

OWN_NAMES = {
    "mobile": lazy_gettext("Mobile number"),
    "line": lazy_gettext("Number of this line"),
    "name": lazy_gettext("Your name"),
    "street": lazy_gettext("Postal address"),
    "email": lazy_gettext("E-mail"),
    "provider": lazy_gettext("Telephone company"),
}
OWN_AUTOCOMPLETE = {
    "mobile": "tel", "line": "off", "name": "name", "street": "street-address", "email": "email", "provider": "off",
}  # fmt: skip


PROBLEMS = {
    403: lazy_gettext("That is not allowed: it did not come from this page, or your account may only look."),
    404: lazy_gettext("There is nothing here."),
    413: lazy_gettext("That is too large."),
    503: lazy_gettext("Something else that is large is being worked on. Please try again in a moment."),
    507: lazy_gettext("The card refuses to keep this. Nothing was changed."),
}


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        faults=FAULTS, hints=HINTS, states=STATES, lamps=LAMPS, relays=RELAY, parts=PARTS,
        first_steps=FIRST_STEPS, setting_names=SETTING_NAMES,
        setting_help=SETTING_HELP, backup_faults=BACKUP_FAULTS, unsent_words=UNSENT, setting_groups=SETTING_GROUPS,
        choices=CHOICES, steps=STEPS,
        pool_modes=POOL_MODES, pool_answers=POOL_ANSWERS,
        kinds=KINDS, operators=OPERATORS, callers=CALLERS, sets_words=SETS,
        list_faults=LIST_FAULTS, list_phases=LIST_PHASES, languages=language.LANGUAGES,
        choice_words=choice, what_was_said=said, lamps_say=lamps_say,
        roles=ROLES, scopes=SCOPES, token_words=token_words,
        sip_endings=SIP_ENDINGS, sip_transports=SIP_TRANSPORTS,
        first_ring_hint=first_ring_hint, first_ring_why=FIRST_RING_WHY, case_states=CASE_STATES,
        own_names=OWN_NAMES, own_autocomplete=OWN_AUTOCOMPLETE, meaning=meaning,
    )  # fmt: skip
    app.context_processor(lambda: {"tag": language.TAGS[language.chosen()]})


def meaning(words: Mapping[str, str]) -> str | None:
    """What something means in the visitor's language, where that is said."""
    return words.get(language.chosen())


def say(words: str, **values: object) -> str:
    """English words in the visitor's language."""
    return str(gettext(words, **values))


def problem_words(status: int) -> str:
    """What an HTTP status means to a person."""
    return str(PROBLEMS.get(status) or lazy_gettext("That did not work. Please go back and try again."))


def refusal(code: str) -> str:
    """Why something was not kept."""
    return str(REFUSALS.get(code) or problem_words(400))


def choice(setting: str, value: str) -> str:
    """A choice of a setting; countries by their name."""
    if setting == "region":
        return country(value)
    if setting == "tell_language":
        return language.LANGUAGES[value]
    if setting == "backup_every":
        return str(PERIODS[value])
    return str(CHOICES[value])


def token_words(granted: Collection[str]) -> str:
    """What a program may do."""
    return " · ".join(str(words) for scope, words in SCOPES.items() if scope in granted)


def lamps_say(shows: str) -> str:
    """What the lamps say, as the printed card has it."""
    return table()[Shows(shows)][language.chosen()]


def first_ring_hint() -> str:
    """What the wiring allows, and what it costs."""
    possible = current_app.extensions["appliance"].first_ring.possible
    if len(possible) == 1:
        return str(gettext("With this board the first ring is always heard."))
    return str(
        gettext(
            "Possible with this board: %(modes)s. Where it is kept away, a caller who is let through rings once more.",
            modes=", ".join(str(CHOICES[mode]) for mode in possible),
        )
    )


def country(region: str) -> str:
    """The name of an ISO 3166 region."""
    return str(get_locale().territories.get(region, region))


def said() -> tuple[str, str] | None:
    """What the last change came to: "good" or "bad", and the words; only codes that are known."""
    return said_of(request.args.get("said", ""))


def said_of(code: str) -> tuple[str, str] | None:
    """What a change came to, by its code, as `said`."""
    if code in SUCCESSES:
        return "good", str(SUCCESSES[code])
    return ("bad", str(REFUSALS[code])) if code in REFUSALS else None
