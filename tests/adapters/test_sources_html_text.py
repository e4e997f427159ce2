"""HTML becomes plain text: paragraphs apart by one blank line, nothing of the markup left."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.html_text import line, lines, paragraphs


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Plain words", "Plain words"),
        ("Plain\nwrapped\nwords", "Plain wrapped words"),
        ("One.\n\n  Two.\n \nThree.", "One.\n\nTwo.\n\nThree."),
        ("AT&amp;T &amp;amp; Q&A", "AT&T & Q&A"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<P>One.</P>\n\n\n<P CLASS=x>Two.</P>", "One.\n\nTwo."),
        ("<p>One<br>two<br/>three<br /></p>", "One\ntwo\nthree"),
        ("One<br><br>two", "One\n\ntwo"),
        ("<div><div><p>One</p></div></div><div>Two</div>", "One\n\nTwo"),
        ("K<b>i</b>m <a href='x'>Jong</a>\u00a0<i>Un</i>", "Kim Jong Un"),
        ("<ul><li>One</li><li>Two</li></ul>after", "One\nTwo\n\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<h2>Head</h2>Body", "Head\n\nBody"),
        ("a &lt;b&gt; c<br>&#60;i&#62;", "a <b> c\n<i>"),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("&nothing; &copy; &copycat; &Copy", "&nothing; © &copycat; &Copy"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("x<script>alert('<p>')</script>y<style>p {}</style>z", "xyz"),
        ("x<SCRIPT type='a'>if (1<2) {}</SCRIPT >y", "xy"),
        ("<p>a<!-- <p>not this</p> -->b</p><!-- wp:more -->", "ab"),
        ("a<![CDATA[b]]>c<?php d ?>e<!doctype html>f", "acef"),
        ("<svg><text>no</text></svg><math><mi>x</mi></math><iframe>no</iframe>yes", "yes"),
        ("a<script>never closed <p>but an article", "anever closed\n\nbut an article"),
        ("a<!-- never closed <p>but an article", "a never closed\n\nbut an article"),
        ('<a title="a > b">word</a> <img alt="c">', "word"),
        ('<p title="x">He said &quot;yes&quot;&gt;no</p>', 'He said "yes">no'),
        ("It\x92s", "It’s"),
        ("<p>It&#146;s</p>", "It’s"),
        ("a\x00b<p>c\x00</p>", "a b\n\nc"),
        ("<p>&nbsp;</p><p> </p><p>x</p>", "x"),
        ("tab\tand\r\nline", "tab and line"),
        ("<p>tab\tand\r\nline</p>", "tab and line"),
        ("한국<br>金正恩", "한국\n金正恩"),
        ("<Kim@news.example> wrote", "wrote"),
        ("no tag <", "no tag <"),
        ("<<<b>>>", "<<>>"),
    ],
)
def test_html_becomes_paragraphs(html, text):
    assert paragraphs(html) == text


@pytest.mark.parametrize(
    ("published", "text"),
    [
        ("Kim <b>Jong</b> Un", "Kim Jong Un"),
        ("<p>Kim</p><p>Moon</p>", "Kim Moon"),
        ("<span>K</span>im", "Kim"),
        ("&lt;i&gt;Kim&lt;/i&gt; &amp;amp; Moon", "Kim & Moon"),
        ("<canvas> and <script>alert(1)</script>", "<canvas> and <script>alert(1)</script>"),
        ("a < b > c", "a < b > c"),
        ("if a<b: c", "if a<b: c"),
        (" two \n lines\u00a0", "two lines"),
        ("“It\x92s”", "“It’s”"),
    ],
)
def test_a_title_becomes_one_line(published, text):
    assert line(published) == text


def test_line_ends_of_plain_text_are_kept():
    assert lines("One\r\ntwo\rthree  four\n\n\n\nfive ") == "One\ntwo\nthree four\n\nfive"


@given(st.text(alphabet="<>&;!-/ab p\n\t\"'=#x\u00a0é金", max_size=60))
def test_text_is_tidy_whatever_is_published(html):
    text = paragraphs(html)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text
    assert "\n" not in line(html)


@given(st.lists(st.text(alphabet="abc é金.&", min_size=1).filter(lambda part: part.split()), max_size=6))
def test_paragraphs_stay_paragraphs(parts):
    words = [" ".join(part.split()).replace("&", "&amp;") for part in parts]
    html = "".join(f"<p>{part}</p>" for part in words)
    assert paragraphs(html) == "\n\n".join(part.replace("&amp;", "&") for part in words)


@pytest.mark.parametrize(
    "html",
    [
        "<" * 300_000,
        "<a" * 150_000,
        "<!-- " * 60_000,
        "<script>" * 40_000,
        "<script></" * 40_000,
        "<svg><iframe><script>" * 15_000,
        "<p " + "style='" * 50_000,
        "<div>" * 60_000,
        "&#" * 150_000,
        "&amp;" * 60_000,
        "\n \n" * 100_000,
        "<br> " * 60_000,
        " " * 300_000 + "x",
        "<p style='" + "&nbsp;" * 50_000 + "'>x",
    ],
    ids=range(14),
)
def test_hostile_markup_takes_time_in_proportion_to_its_length(html):
    started = process_time()
    paragraphs(html)
    line(html)
    assert process_time() - started < 2
