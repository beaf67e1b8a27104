// Scrolls the frame to its mark again: it may have been loaded before it had its size.

const frame = document.querySelector("iframe.original");
const scroll = () => { frame.src = frame.src; };
if (document.readyState === "complete") scroll();
else addEventListener("load", scroll);
