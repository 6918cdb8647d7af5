"""The description of `web.api.archive`."""

from __future__ import annotations

from firmware.backups.backup import MEDIA_TYPE
from web.openapi.terms import (
    BOOLEAN,
    FLAG,
    INTEGER,
    MOMENT,
    SET,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    parameter,
    record,
    streamed,
)

SCHEMAS: dict[str, Schema] = {
    "Backups": record(
        backups=array(record(name=STRING, size=INTEGER, made=MOMENT)),
        fault={
            **optional(STRING),
            "description": "Why the last one was not made: folder, unmounted, disk, spoiled",
        },
        folders={**array(STRING), "description": "Folders on other disks, for the setting backup_folder"},
        left_out={**array(STRING), "description": "Uploaded lists whose numbers have no room in a backup"},
    ),
    "MadeBackup": record(name=STRING),
    "ForgetWish": record(
        "backups",
        number={**optional(STRING), "description": "null: every caller"},
        backups={**BOOLEAN, "description": "Whether the backups that are kept are deleted too"},
    ),
    "Forgotten": record(
        calls=INTEGER,
        known=INTEGER,
        backups=INTEGER,
        wished={**BOOLEAN, "description": "Whether a contact or a rule is still about this very number"},
    ),
    "Replay": record(
        calls=array(
            record(time=MOMENT, number=optional(STRING), name=optional(STRING), verdict=named("Verdict"))
        ),
        totals={"type": "object", "additionalProperties": INTEGER},
    ),
    "Restored": record(
        kept={"type": "object", "additionalProperties": INTEGER},
        skipped={**INTEGER, "description": "Lines that made no sense"},
    ),
}

PATHS: dict[str, Schema] = {
    "/api/v1/backups": {
        "get": operation("The backups where the regular ones are kept, newest first", "Backups"),
        "post": operation("Make a backup now", "MadeBackup", 507, status=201),
    },
    "/api/v1/backups/{name}/restore": {
        "post": operation(
            "Take over the wishes and lists of a backup that is kept; the calls stay",
            "Restored",
            404,
            422,
            503,
            507,
            parameters=SET,
        )
    },
    "/api/v1/forget": {
        "post": operation(
            "Forget the caller with a number, or every caller, for good; rules and contacts stay",
            "Forgotten",
            503,
            body="ForgetWish",
        )
    },
    "/api/v1/replay": {
        "post": operation(
            "Judge recorded calls (time,number,name) by the rules that are kept",
            "Replay",
            503,
            file=("text/csv",),
        )
    },
    "/api/v1/backup": {
        "get": streamed(
            "All that the household has made, one JSON object a line",
            MEDIA_TYPE,
            400,
            507,
            parameters=(parameter("calls", "query", FLAG),),
        )
    },
    "/api/v1/restore": {
        "post": operation(
            "Take over the wishes and lists of a backup in place of all that are kept; the calls stay",
            "Restored",
            503,
            file=(MEDIA_TYPE,),
        )
    },
}
