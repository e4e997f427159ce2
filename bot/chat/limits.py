"""Every limit of the platforms, in one place, with its source.

Lengths are UTF-16 units: neither platform says how it counts, and no other way of counting gives more.
"""

from __future__ import annotations

from typing import Final

# ---------------------------------------------------------------- Discord
# https://docs.discord.com/developers/resources/message#create-message
DISCORD_NONCE: Final = 25
DISCORD_CONTENT: Final = 2000
# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
DISCORD_EMBED_TOTAL: Final = 6000
"""Over all embeds of one message."""
DISCORD_TITLE: Final = 256
DISCORD_DESCRIPTION: Final = 4096
DISCORD_AUTHOR: Final = 256
DISCORD_FOOTER: Final = 2048
# `maxLength` of RichEmbed.url and its relatives in Discord's OpenAPI document of 2026-07-18.
DISCORD_URL: Final = 2048

# https://docs.discord.com/developers/components/reference
DISCORD_CUSTOM_ID: Final = 100
DISCORD_BUTTON: Final = 80
DISCORD_ROWS: Final = 5
DISCORD_ROW: Final = 5
"""Buttons in a row."""
DISCORD_FORM_TITLE: Final = 45
DISCORD_FORM_FIELDS: Final = 5
DISCORD_LABEL: Final = 45
DISCORD_HINT: Final = 100
"""A field's description or placeholder."""
DISCORD_INPUT: Final = 4000
DISCORD_CHOICES: Final = 25
"""In a menu, and of completions."""
DISCORD_CHOICE: Final = 100
# https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
DISCORD_THREAD_NAME: Final = 100

# ---------------------------------------------------------------- Slack
# https://docs.slack.dev/reference/methods/chat.postMessage: longer texts are cut with a warning; 4,000 is advised.
SLACK_TEXT: Final = 4000
# https://docs.slack.dev/reference/block-kit/blocks/section-block
SLACK_SECTION: Final = 3000
# https://docs.slack.dev/reference/block-kit/blocks/context-block names no length; this holds for section fields.
SLACK_CONTEXT: Final = 2000
# https://docs.slack.dev/reference/block-kit/block-elements/image-element
SLACK_IMAGE_URL: Final = 3000
SLACK_ALT_TEXT: Final = 2000
# Undocumented: msg_blocks_too_long was seen above about 13,200. https://github.com/slackapi/bolt-js/issues/2509
SLACK_BLOCKS_TOTAL: Final = 13_200
# https://docs.slack.dev/reference/block-kit/blocks: of one message; a modal takes 100.
SLACK_BLOCKS: Final = 50
# https://docs.slack.dev/reference/block-kit/block-elements/button-element
SLACK_BUTTON: Final = 75
# An actions block takes 25; more than five in a row wrap on a phone.
SLACK_BUTTONS_IN_A_ROW: Final = 5
# https://docs.slack.dev/reference/views/modal-views
SLACK_VIEW_TITLE: Final = 24
SLACK_VIEW_METADATA: Final = 3000
# https://docs.slack.dev/reference/block-kit/blocks/input-block
SLACK_LABEL: Final = 2000
# https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
SLACK_INPUT: Final = 3000
# https://docs.slack.dev/reference/block-kit/composition-objects/option-object
SLACK_OPTION: Final = 75
SLACK_OPTIONS: Final = 100

# ---------------------------------------------------------------- pace
# https://docs.slack.dev/apis/web-api/rate-limits: about one message a second to a channel.
SLACK_MIN_GAP_S: Final = 1.0
# Discord forbids hard-coding its limits; a second apart keeps below the 5 in 5 s that its headers have long said.
DISCORD_MIN_GAP_S: Final = 1.0

# ---------------------------------------------------------------- ours: what a reader takes in
HEADLINE: Final = 250
EXCERPT: Final = 1200
SOURCE: Final = 80
BYLINE: Final = 120
TAG: Final = 40
REASON: Final = 300
ALSO_AT: Final = 3
"""Names of other sources before the rest is counted."""
LINK: Final = 1900
"""Escaped. No news address is longer, and what is longer leaves no room for the headline."""
